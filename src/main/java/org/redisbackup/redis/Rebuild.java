package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.redisbackup.rdb.Loss;
import org.redisbackup.rdb.decode.CommandSink;

/**
 * One value on its way to the target by commands, under a temporary name: writes them, and takes the answers. It ends with
 * {@link #keep} or {@link #discard}.
 *
 * <p>What its importer leaves behind when it dies ends by itself, because the temporary key expires until it is complete.
 * That also shows whether the target has dropped it meanwhile, as one does that evicts keys: what later commands then
 * began anew expires at no time.
 */
final class Rebuild implements ReplySink, CommandSink {
    /** More than any value takes to arrive. */
    private static final long SAFETY_MILLIS = 6 * 3_600_000L;

    private static final byte[] ASKING = ascii("ASKING");
    private static final byte[] EXPIRE_IN = ascii("PEXPIRE");
    private static final byte[] PERSIST = ascii("PERSIST");
    private static final byte[] EXPIRE_AT = ascii("PEXPIREAT");

    private final TargetConnection connection;
    private final int record;
    private final byte[] name;
    private final boolean askedFor;
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private final Set<Loss> losses = EnumSet.noneOf(Loss.class);
    private String broken; // why the value can't be rebuilt
    private boolean empty;
    private boolean discarded;
    private long sent;
    private volatile long last = Long.MAX_VALUE; // commands in all, set before the last one is sent
    private volatile long persists = Long.MAX_VALUE; // that command's number
    private long replies; // this and the next belong to the thread that reads replies
    private boolean persisted;
    private volatile Question.Answer refusal;

    /** The target refused a part of the value, so that the rest would be in vain. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String answer) {
            super(answer);
        }
    }

    /**
     * @param record index in its batch
     * @param name to rebuild it under
     * @param askedFor whether each command needs an {@code ASKING} before it
     */
    Rebuild(TargetConnection connection, int record, byte[] name, boolean askedFor) {
        this.connection = connection;
        this.record = record;
        this.name = name;
        this.askedFor = askedFor;
    }

    int record() {
        return record;
    }

    byte[] name() {
        return name;
    }

    @Override
    public void command(byte[] resp, int offset, int length) throws IOException {
        Question.Answer refused = refusal;
        if (refused != null) {
            throw new RefusedException(refused.text());
        }
        ask();
        connection.out().raw(resp, offset, length);
        if (sent++ == (askedFor ? 1 : 0)) {
            write(EXPIRE_IN, name, ascii(String.valueOf(SAFETY_MILLIS)));
        }
    }

    private void ask() throws IOException {
        if (askedFor) {
            connection.out().command(1);
            connection.out().word(ASKING, 0, ASKING.length);
            sent++;
        }
    }

    private void write(byte[]... words) throws IOException {
        ask();
        connection.out().command(words.length);
        for (byte[] word : words) {
            connection.out().word(word, 0, word.length);
        }
        sent++;
    }

    /**
     * The value is complete.
     *
     * @param expireAt Unix milliseconds, or null
     */
    void keep(Set<Loss> lost, Long expireAt) throws IOException {
        empty = sent == 0;
        losses.addAll(lost);
        int each = askedFor ? 2 : 1;
        persists = sent + each;
        last = sent + (expireAt == null ? each : 2 * each);
        write(PERSIST, name);
        if (expireAt != null) {
            write(EXPIRE_AT, name, ascii(expireAt.toString()));
        }
    }

    /**
     * The value can't be rebuilt.
     *
     * @param why one sentence without its full stop; null when the target said it
     */
    void discard(byte[] unlink, String why) throws IOException {
        broken = why;
        discarded = true;
        last = sent + (askedFor ? 2 : 1);
        write(unlink, name);
    }

    /** Waits for all answers. */
    void await() throws IOException {
        try {
            answered.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    // what follows is to be asked after that

    /** Why the value can't be rebuilt, unless the target {@link #refusal} said it. */
    String broken() {
        return broken;
    }

    /** The first error that the target answered, or null. */
    Question.Answer refusal() {
        return refusal;
    }

    /** Whether nothing of the value is left, because the time of all its fields is over. */
    boolean isEmpty() {
        return empty;
    }

    /** Whether the temporary key is what was built, from the first command to the last. */
    boolean isWhole() {
        return persisted;
    }

    /** Whether the temporary key was deleted. */
    boolean isDiscarded() {
        return discarded;
    }

    Set<Loss> losses() {
        return losses;
    }

    @Override
    public boolean take(ReplyKind kind, ReplyReader reply) throws IOException {
        replies++;
        if (kind == ReplyKind.OK) {
            persisted |= replies == persists && reply.integer() == 1;
        } else if (refusal == null) {
            refusal = new Question.Answer(kind, reply.text());
        }
        return replies == last;
    }

    @Override
    public void complete() {
        answered.complete(null);
    }

    @Override
    public void lost(IOException why) {
        answered.completeExceptionally(why);
    }

    @Override
    public boolean isAwaited() {
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
