package org.redisbackup.redis;

import java.io.IOException;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection to a target: commands go out on the caller's thread, replies come in on a thread of their own, so that
 * neither waits for the other.
 *
 * <p>Whoever writes holds this object's monitor, from {@link #expect} to the last byte of what is expected. When the
 * connection ends, the reply thread takes the monitor and tells every sink that waits; nobody else does.
 */
final class TargetConnection {
    /** A small part of the time that a batch takes. */
    private static final long GATHERING_NANOS = 500_000;

    /** Batches that the server has beside the one that it answers, so that it does not run dry meanwhile. */
    private static final int PLENTY = 2;

    private final Target target;
    private final Socket socket;
    private final TargetCapabilities capabilities;
    private final String run;
    private final CommandWriter out;
    private final ReplyReader in;
    private final Databases databases = new Databases();
    private final Queue<ReplySink> awaiting = new ConcurrentLinkedQueue<>();
    private final SilenceGuard silence = new SilenceGuard(() -> !awaiting.isEmpty());
    private volatile IOException ended;
    private volatile boolean mostlyOccupied;
    private volatile boolean refusesGroups;
    private volatile boolean restoresOnly;

    private TargetConnection(Target target, Handshake handshake) throws IOException {
        this.target = target;
        socket = handshake.socket();
        capabilities = handshake.capabilities();
        run = handshake.run();
        out = new CommandWriter(silence.watch(socket.getOutputStream()));
        in = new ReplyReader(new GatheredReplies(
                silence.watch(socket.getInputStream()),
                this::hasPlentyToDo,
                () -> LockSupport.parkNanos(GATHERING_NANOS)));
    }

    /**
     * @param connectTimeoutMillis for connecting, and for each answer of the handshake
     * @param silenceMillis how long the target may owe an answer without sending a byte before it counts as lost; it is
     *     noticed within twice that time
     * @param name of the connection, as the target lists it
     * @throws DeliveryException when the target can't be used
     */
    static TargetConnection open(Target target, int connectTimeoutMillis, int silenceMillis, String name)
            throws DeliveryException {
        Handshake handshake = Handshake.with(target, connectTimeoutMillis, name);
        try {
            handshake.socket().setSoTimeout(silenceMillis);
            TargetConnection connection = new TargetConnection(target, handshake);
            Thread reader = new Thread(connection::readReplies, "redis-restore-reader " + target.address());
            reader.setDaemon(true);
            reader.start();
            return connection;
        } catch (IOException e) {
            throw new DeliveryException(
                    "The connection to " + target.address() + " broke as it was opened; try again",
                    RestoreResult.NONE,
                    e);
        }
    }

    TargetCapabilities capabilities() {
        return capabilities;
    }

    /** As {@link Handshake#run} tells it. */
    String run() {
        return run;
    }

    Databases databases() {
        return databases;
    }

    /** Whether most keys of the batch that was settled last were on the target before. */
    boolean isMostlyOccupied() {
        return mostlyOccupied;
    }

    void mostlyOccupied(boolean occupied) {
        mostlyOccupied = occupied;
    }

    /** Whether it answered with an error when many keys were set at once, as some proxies do. */
    boolean refusesGroups() {
        return refusesGroups;
    }

    void refusedGroup() {
        refusesGroups = true;
    }

    /** Whether its user may restore keys, but not set strings. */
    boolean restoresOnly() {
        return restoresOnly;
    }

    void refusedToSet() {
        restoresOnly = true;
    }

    CommandWriter out() {
        return out;
    }

    boolean hasEnded() {
        return ended != null;
    }

    /** One sentence, or null while the connection {@link #hasEnded has not ended}. */
    IOException whyEnded() {
        return ended;
    }

    /** Whether no reply is due. */
    boolean isQuiet() {
        return awaiting.isEmpty();
    }

    private boolean hasPlentyToDo() {
        int due = 0;
        for (ReplySink sink : awaiting) {
            if (sink.isAwaited()) {
                return false;
            }
            due++;
        }
        return due > PLENTY;
    }

    /** Whether replies to this sink are due. */
    boolean owes(ReplySink sink) {
        return awaiting.contains(sink);
    }

    /** Says who takes the replies to the commands that are written next. */
    void expect(ReplySink sink) {
        silence.sending(true);
        awaiting.add(sink);
    }

    /** Hands everything written to the socket. */
    void flush() throws IOException {
        out.flush();
        silence.sending(false);
    }

    /**
     * Sends a command and waits for its reply, and so for the replies to everything before it.
     *
     * @throws IOException when the connection breaks before it comes
     */
    Question.Answer ask(byte[]... words) throws IOException {
        Question question = put(words);
        flushQuestions();
        return question.await();
    }

    /** Writes a command whose reply can be awaited after {@link #flushQuestions}. */
    Question put(byte[]... words) throws IOException {
        Question question = new Question();
        expect(question);
        out.command(words.length);
        for (byte[] word : words) {
            out.word(word, 0, word.length);
        }
        return question;
    }

    /**
     * Hands everything written to the socket.
     *
     * @throws IOException when the connection has ended, so that nobody would tell those who {@link ReplySink#isAwaited
     *     wait}
     */
    void flushQuestions() throws IOException {
        flush();
        if (ended != null) {
            throw ended;
        }
    }

    /** Ends the connection because reading or writing failed. */
    void broke(Throwable failure) {
        end(new IOException(
                "The connection to " + target.address() + " was lost (" + failure.getMessage()
                        + "); check that the server is up and import again",
                failure));
    }

    /** Ends the connection; what waits for replies is told why. Only the first reason counts. */
    void end(IOException why) {
        synchronized (socket) {
            if (ended == null) {
                ended = why;
            }
        }
        try {
            if (!isQuiet()) {
                socket.setSoLinger(true, 0); // what is half sent goes nowhere, and closing TLS waits for no writer
            }
            socket.close();
        } catch (IOException e) {
            // there is nothing left to save
        }
    }

    private void readReplies() {
        try {
            while (true) {
                ReplyKind kind = in.next();
                ReplySink sink = awaiting.peek();
                if (sink == null) {
                    throw new IOException("an answer came that nobody had asked for: " + in.text());
                }
                if (sink.take(kind, in)) {
                    awaiting.remove();
                    sink.complete();
                }
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            broke(e);
        }
        for (ReplySink sink : awaiting) {
            if (sink.isAwaited()) {
                sink.lost(ended);
            }
        }
        synchronized (this) {
            for (ReplySink sink = awaiting.poll(); sink != null; sink = awaiting.poll()) {
                sink.lost(ended);
            }
        }
    }
}
