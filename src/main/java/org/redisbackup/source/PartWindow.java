package org.redisbackup.source;

import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The parts of an object that are being fetched or wait to be read, in a ring: no more than one for each thread that
 * fills parts and one for the reader. One reads them in order, and bytes can be read as soon as they are there. A buffer is
 * given back once its part was read, or when this is closed and the last who fills has left.
 */
final class PartWindow {
    /** Consecutive bytes of the object. Filled by the thread that claimed it, without the window's monitor. */
    static final class Part {
        private final PartBuffers buffers;
        private final int capacity;
        private byte[] bytes;
        private long start;
        private int length;
        private int filled;
        private IOException failure;

        private Part(PartBuffers buffers, int capacity) {
            this.buffers = buffers;
            this.capacity = capacity;
        }

        byte[] bytes() {
            if (bytes == null) {
                bytes = buffers.take(capacity);
            }
            return bytes;
        }

        private void giveBack() {
            if (bytes != null) {
                buffers.giveBack(bytes);
                bytes = null;
            }
        }

        /** Where its first byte is in the object. */
        long start() {
            return start;
        }

        int length() {
            return length;
        }
    }

    private final PartBuffers buffers;
    private final Part[] ring;
    private final int partBytes;
    private final long start;
    private final long size;
    private final long partCount;
    private long claimed; // parts, from the first on
    private long finished; // parts read to their end
    private int readOfPart; // bytes of the part that comes after those
    private int fillers;
    private boolean closed;
    private boolean failed;

    /**
     * @param start of the first byte to read
     * @param size of the object, which ends the last part
     */
    PartWindow(PartBuffers buffers, long start, long size) {
        this.buffers = buffers;
        ReadAhead ahead = buffers.ahead();
        partBytes = ahead.partBytes();
        partCount = (size - start + partBytes - 1) / partBytes;
        ring = new Part[(int) Math.min(ahead.parts(), partCount)];
        this.start = start;
        this.size = size;
    }

    /** Somebody is going to fill parts, and will {@link #leave}. */
    synchronized void join() {
        fillers++;
        notifyAll(); // there is room for one more part
    }

    /** Who {@link #join joined} fills no more. */
    synchronized void leave() {
        fillers--;
        giveBackWhenUnused();
    }

    /** Who fills writes until it leaves; a reader that still copies will not use what it copied, as this is closed. */
    private void giveBackWhenUnused() {
        if (closed && fillers == 0) {
            Stream.of(ring).filter(Objects::nonNull).forEach(Part::giveBack);
        }
    }

    /** Waits for room and gives the next part to fetch; null when there is nothing more to fetch. */
    synchronized Part claim() throws InterruptedException {
        while (!closed && !failed && claimed < partCount && claimed - finished >= Math.min(ring.length, fillers + 1)) {
            wait();
        }
        if (closed || failed || claimed == partCount) {
            return null;
        }
        int place = (int) (claimed % ring.length);
        if (ring[place] == null) {
            ring[place] = new Part(buffers, (int) Math.min(partBytes, size - start));
        }
        Part part = ring[place];
        part.start = start + claimed * partBytes;
        part.length = (int) Math.min(partBytes, size - part.start);
        part.filled = 0;
        claimed++;
        return part;
    }

    /** The first {@code filled} bytes of a part are there. */
    synchronized void filled(Part part, int filled) {
        part.filled = filled;
        notifyAll();
    }

    /** No more bytes of a part will come; nothing behind it is fetched any more. */
    synchronized void fail(Part part, IOException why) {
        part.failure = why;
        failed = true;
        notifyAll();
    }

    /** Whether {@link #read} would wait. */
    synchronized boolean isStarved() {
        return !closed && finished < partCount && isDry();
    }

    private boolean isDry() {
        return claimed == finished || (current().filled == readOfPart && current().failure == null);
    }

    private Part current() {
        return ring[(int) (finished % ring.length)];
    }

    /**
     * Waits for bytes and copies them.
     *
     * @return how many, or -1 at the end of the object and once the window is {@link #close closed}
     * @throws IOException with which the fetching of the next byte {@link #fail failed}
     */
    int read(byte[] target, int offset, int length) throws IOException, InterruptedException {
        Part part;
        byte[] bytes;
        int count;
        synchronized (this) {
            while (isStarved()) {
                wait();
            }
            if (closed || finished == partCount) {
                return -1;
            }
            part = current();
            count = Math.min(length, part.filled - readOfPart);
            if (count == 0) {
                throw part.failure;
            }
            bytes = part.bytes;
        }
        System.arraycopy(bytes, readOfPart, target, offset, count);
        advance(part, count);
        return count;
    }

    private synchronized void advance(Part part, int count) {
        readOfPart += count;
        if (readOfPart == part.length) {
            part.giveBack();
            readOfPart = 0;
            finished++;
            notifyAll();
        }
    }

    /** Of the next byte to read, in the object. */
    synchronized long position() {
        return Math.min(size, start + finished * partBytes + readOfPart);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Whoever waits goes on at once. */
    synchronized void close() {
        closed = true;
        giveBackWhenUnused();
        notifyAll();
    }
}
