package org.redisbackup.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy that breaks connections on purpose: each cut ends one connection once so many bytes of the server's answers
 * have gone through it; connections without a cut of their own live on.
 */
public final class CuttingProxy implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    private final URI server;
    private final ServerSocket listener;
    private final Deque<Cut> cuts = new ConcurrentLinkedDeque<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong answered = new AtomicLong();
    private final Phaser open = new Phaser(1);
    private volatile boolean refusing;
    private volatile Duration latency = Duration.ZERO;
    private volatile long bytesPerSecond = Long.MAX_VALUE;
    private volatile Runnable onCut = () -> {};

    private record Cut(long bytes, boolean reset) {}

    /** @param server host and port that it stands before */
    public CuttingProxy(URI server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        start("accept", this::accept);
    }

    /** Lets connections to come end early, as if the server were done, one per cut and in this order. */
    public CuttingProxy endAfter(long... bytes) {
        for (long count : bytes) {
            cuts.add(new Cut(count, false));
        }
        return this;
    }

    /** Resets connections to come. */
    public CuttingProxy resetAfter(long... bytes) {
        for (long count : bytes) {
            cuts.add(new Cut(count, true));
        }
        return this;
    }

    /** Makes a far server of a near one: each request gets there so much later. */
    public CuttingProxy delay(Duration latency) {
        this.latency = latency;
        return this;
    }

    /** Lets no connection bring more, however many there are. */
    public CuttingProxy limitEach(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
        return this;
    }

    /** Runs when a connection was cut. */
    public void onCut(Runnable action) {
        onCut = action;
    }

    /** From now on every new connection is closed at once. */
    public void refuse() {
        refusing = true;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    public int connections() {
        return connections.get();
    }

    /** Bytes that came from the server, once all connections so far have ended. */
    public long answeredWhenIdle() {
        open.arriveAndAwaitAdvance();
        return answered.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                connections.incrementAndGet();
                if (refusing) {
                    client.close();
                } else {
                    Cut cut = cuts.poll();
                    open.register();
                    Socket backend = new Socket(server.getHost(), server.getPort());
                    start("requests", () -> relay(client, backend));
                    start("answers", () -> answer(backend, client, cut));
                }
            }
        } catch (IOException e) {
            // the proxy is closed
        }
    }

    private void relay(Socket client, Socket backend) {
        try (client;
                backend) {
            InputStream in = client.getInputStream();
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                LockSupport.parkNanos(latency.toNanos());
                backend.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException e) {
            // one side is gone, and so is the other now
        }
    }

    private void answer(Socket backend, Socket client, Cut cut) {
        long left = cut == null ? Long.MAX_VALUE : cut.bytes;
        try (client;
                backend) {
            InputStream in = backend.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            long start = System.nanoTime();
            long passed = 0;
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    return;
                }
                answered.addAndGet(count);
                out.write(buffer, 0, count);
                left -= count;
                passed += count;
                LockSupport.parkNanos((long) (passed * 1e9 / bytesPerSecond) - (System.nanoTime() - start));
            }
            if (cut.reset) {
                client.setSoLinger(true, 0);
            }
            client.close();
            onCut.run();
        } catch (IOException e) {
            // one side is gone, and so is the other now
        } finally {
            open.arriveAndDeregister();
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "cutting-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
