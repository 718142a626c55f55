package org.redisbackup.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The bytes of one version of an object, fetched ahead of the reader, so that the network and whoever uses the bytes work
 * at the same time.
 *
 * <p>It begins with one plain request for all of the object, which is cheapest for both sides. Where the reader waits for
 * bytes more than half of its time and a connection is slow, further lanes fetch parts of the object over connections of
 * their own. Beside a fast connection they would only compete for the processors, and bring less.
 *
 * <p>For one reading thread; {@link #close} may come from any and ends a read in progress at once.
 */
final class ReadAheadInputStream extends InputStream {
    /** Bytes that are handed over at once: fewer would wake the reader for every packet. */
    private static final int PIECE = 64 * 1024;

    /** Bytes a second; large object stores let one connection bring less, and a near server more. */
    private static final long SLOW_CONNECTION = 100_000_000;

    /** Makes the stream of {@code [from, to)} of the object, not connected yet. */
    interface Ranges {
        ReopeningInputStream open(long from, long to);
    }

    private final BackupFile file;
    private final Ranges ranges;
    private final PartWindow window;
    private final int mostLanes;
    private final long measure;
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private long measured; // bytes since the clocks below were set to zero
    private long measuredFrom = System.nanoTime();
    private long waitedNanos;

    /**
     * @param first of everything from the first byte to read to the end of the object; connected, and closed with this
     *     stream
     */
    ReadAheadInputStream(BackupFile file, ReopeningInputStream first, Ranges ranges, PartBuffers buffers) {
        this.file = file;
        this.ranges = ranges;
        ReadAhead ahead = buffers.ahead();
        window = new PartWindow(buffers, first.position(), file.size());
        measure = ahead.bytes();
        mostLanes = first.isRanged() ? ahead.parts() : 1;
        start(new Lane(first));
    }

    /** Fetches parts over one more connection, unless that would be more than fit into memory. */
    void addLane() {
        if (lanes.size() < mostLanes) {
            start(new Lane(null));
        }
    }

    private void start(Lane lane) {
        lanes.add(lane);
        window.join();
        Thread thread = new Thread(lane, "read-ahead-" + lanes.size() + " " + file.uri());
        thread.setDaemon(true);
        thread.start();
    }

    /** Fetches one part after the other. */
    private final class Lane implements Runnable {
        private volatile ReopeningInputStream stream;

        private Lane(ReopeningInputStream stream) {
            this.stream = stream;
        }

        @Override
        public void run() {
            try {
                for (PartWindow.Part part = window.claim(); part != null; part = window.claim()) {
                    fetch(part);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does that to these threads
            } finally {
                end();
                window.leave();
            }
        }

        private void fetch(PartWindow.Part part) {
            try {
                connectTo(part);
                byte[] bytes = part.bytes();
                int filled = 0;
                while (filled < part.length()) {
                    filled += stream.read(bytes, filled, Math.min(PIECE, part.length() - filled));
                    window.filled(part, filled);
                }
            } catch (IOException e) {
                window.fail(part, e);
            } catch (RuntimeException | OutOfMemoryError e) { // the reader would wait for ever
                window.fail(part, new SourceException("Cannot read " + file.uri() + ": " + e, e));
            }
        }

        /** Goes on with the request in progress when it brings this part next. */
        private void connectTo(PartWindow.Part part) {
            long to = part.start() + part.length();
            if (stream == null || !stream.brings(part.start(), to)) {
                end();
                stream = ranges.open(part.start(), to);
                if (window.isClosed()) {
                    end();
                }
            }
        }

        private void end() {
            ReopeningInputStream current = stream;
            if (current != null) {
                current.close();
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws SourceException when the object changed, can't be read, or brought no byte in too many attempts */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        try {
            boolean starved = window.isStarved();
            long before = starved ? System.nanoTime() : 0;
            int count = window.read(buffer, offset, length);
            waitedNanos += starved ? System.nanoTime() - before : 0;
            if (window.isClosed()) {
                throw new IOException("the stream of " + file.uri() + " is closed");
            }
            look(count);
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    /** Looks, once a window, at how fast the bytes come, and for how much of the time they were waited for. */
    private void look(int count) {
        measured += count;
        if (measured < measure) {
            return;
        }
        long now = System.nanoTime();
        double seconds = (now - measuredFrom) / 1e9;
        if (waitedNanos / 1e9 > seconds / 2 && measured / seconds < SLOW_CONNECTION * (double) lanes.size()) {
            addLane();
        }
        measured = 0;
        measuredFrom = now;
        waitedNanos = 0;
    }

    private InterruptedIOException interrupted() {
        return new InterruptedIOException("interrupted while reading " + file.uri() + " at byte " + window.position());
    }

    @Override
    public void close() {
        window.close();
        lanes.forEach(Lane::end);
    }
}
