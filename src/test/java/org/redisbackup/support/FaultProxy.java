package org.redisbackup.support;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A TCP proxy whose faults are switched on and off while it runs; {@link CuttingProxy} plans them ahead, by bytes. */
public final class FaultProxy implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Deque<String> answers = new ConcurrentLinkedDeque<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile int server;
    private volatile String watchedFor;
    private volatile boolean seen;
    private volatile boolean heldBack;
    private volatile boolean refusing;
    private volatile boolean stalled;
    private volatile long bytesPerSecond = Long.MAX_VALUE;
    private volatile long stallAfter = Long.MAX_VALUE;

    /** @param server port of this machine that it stands before */
    public FaultProxy(int server) throws IOException {
        this.server = server;
        listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** New connections go to another server; the others are reset. */
    public void goTo(int otherServer) throws IOException {
        server = otherServer;
        reset();
    }

    /** Resets every connection. */
    public void reset() throws IOException {
        for (Socket socket : open) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // it is closed already
            }
            socket.close();
        }
    }

    /** Resets every connection, and each new one until told otherwise. */
    public void refuse(boolean all) throws IOException {
        refusing = all;
        if (all) {
            reset();
        }
    }

    /** Nothing goes through, but all connections stay open, until told otherwise. */
    public void stall(boolean all) {
        stalled = all;
    }

    /** As {@link #stall} once one connection has brought so many bytes of answers. */
    public void stallAfter(long bytes) {
        stallAfter = bytes;
    }

    /** Whether bytes wait, or have waited, for the end of a stall. */
    public boolean hasHeldBack() {
        return heldBack;
    }

    /** Connections that were refused so far. */
    public int refused() {
        return refused.get();
    }

    /** How fast answers come over each connection. */
    public void limitEach(long bytes) {
        bytesPerSecond = bytes;
    }

    /** Answers the next requests of HTTP by itself. */
    public void answer(int times, int status, String body) {
        String answer = "HTTP/1.1 " + status + " Fault\r\nContent-Type: application/xml\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body;
        for (int i = 0; i < times; i++) {
            answers.add(answer);
        }
    }

    /** Faults of {@link #answer} that are still to come. */
    public int answersLeft() {
        return answers.size();
    }

    /** From now on it is noticed when the server answers something with these characters. */
    public void watchFor(String answer) {
        seen = false;
        watchedFor = answer;
    }

    /** Whether what is watched for has passed. */
    public boolean hasSeen() {
        return seen;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                open.add(client);
                String answer = refusing ? null : answers.poll();
                if (refusing) {
                    refused.incrementAndGet();
                    client.setSoLinger(true, 0);
                    client.close();
                } else if (answer != null) {
                    start(() -> answer(client, answer));
                } else {
                    connect(client);
                }
            }
        } catch (IOException e) {
            // the proxy is closed
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket backend = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server);
            open.add(backend);
            start(() -> relay(client, backend, false));
            start(() -> relay(backend, client, true));
        } catch (IOException e) {
            client.close(); // as nobody listens
        }
    }

    private void answer(Socket client, String answer) {
        try (client) {
            client.getInputStream().read(new byte[BUFFER]);
            client.getOutputStream().write(answer.getBytes(US_ASCII));
        } catch (IOException e) {
            // the client is gone
        } finally {
            open.remove(client);
        }
    }

    private void relay(Socket from, Socket to, boolean isAnswer) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[BUFFER];
            long start = System.nanoTime();
            long passed = 0;
            long limit = isAnswer ? bytesPerSecond : Long.MAX_VALUE;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (isAnswer && passed + count > stallAfter) {
                    stallAfter = Long.MAX_VALUE;
                    stalled = true;
                }
                while (stalled) {
                    heldBack = true;
                    LockSupport.parkNanos(POLL_NANOS);
                }
                to.getOutputStream().write(buffer, 0, count);
                String watched = watchedFor;
                seen |= watched != null && new String(buffer, 0, count, US_ASCII).contains(watched);
                passed += count;
                LockSupport.parkNanos((long) (passed * 1e9 / limit) - (System.nanoTime() - start));
            }
        } catch (IOException e) {
            // one side is gone, and so is the other now
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            reset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
