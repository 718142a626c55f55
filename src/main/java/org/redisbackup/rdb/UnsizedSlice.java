package org.redisbackup.rdb;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * A streamed value whose end has to be found. A thread of its own goes over the value, and hands over every byte that it
 * has passed to who reads; so what the reader of the value makes of it, or whether it stops, is no concern of the file's.
 */
final class UnsizedSlice extends StreamedSlice {
    /** Goes over the value to its end. */
    interface Slicing {
        /** @return bytes of the value */
        long toTheEnd() throws IOException;
    }

    private final RdbInput in;
    private final Slicing slicing;
    private boolean begun;
    private boolean ended;
    private long length = UNKNOWN;
    private byte[] passed; // of which [from, to) is still to be read
    private int from;
    private int to;

    /**
     * @param in whose next byte is the first of the value
     * @param slicing run once, by the thread that was begun for it or by the reader's own
     */
    UnsizedSlice(String key, ValidationPolicy policy, RdbInput in, Slicing slicing) {
        super(key, policy);
        this.in = in;
        this.slicing = slicing;
    }

    @Override
    public synchronized long length() {
        return length;
    }

    @Override
    int readSome(byte[] target, int offset, int count) throws IOException {
        if (!begun) {
            begun = true;
            Thread slicer = new Thread(this::slice, "rdb-slicer");
            slicer.setDaemon(true);
            slicer.start();
        }
        awaitUntil(() -> from < to || ended || isGivenUp());
        requireUncut();
        if (from == to) {
            requireUnfailed();
            return -1;
        }
        int read = Math.min(count, to - from);
        System.arraycopy(passed, from, target, offset, read);
        from += read;
        if (from == to) {
            notifyAll();
        }
        return read;
    }

    private void awaitUntil(BooleanSupplier condition) throws IOException {
        try {
            while (!condition.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a value was read", e);
        }
    }

    private void slice() {
        IOException why = null;
        long bytes = UNKNOWN;
        try {
            in.tap(this::passOn);
            bytes = slicing.toTheEnd();
            in.untap();
        } catch (IOException e) {
            why = e;
        } catch (RuntimeException | OutOfMemoryError e) {
            why = new IOException("a value of the backup could not be read (" + e + ")", e);
        }
        synchronized (this) {
            length = bytes;
            ended = true;
            if (why != null) {
                fail(why);
            }
            notifyAll();
        }
    }

    /** Waits until the bytes were read, as they are in a buffer that is needed for those that come next. */
    private synchronized void passOn(byte[] bytes, int start, int count) throws IOException {
        passed = bytes;
        from = start;
        to = start + count;
        notifyAll();
        awaitUntil(() -> from == to || isGivenUp());
        from = to;
        requireUncut();
    }

    @Override
    synchronized void awaitEnd() throws IOException, InterruptedException {
        while (!isGivenUp()) {
            wait();
        }
        if (!begun && !isCut()) {
            begun = true;
            length = slicing.toTheEnd();
            ended = true;
        }
        while (begun && !ended) {
            wait();
        }
        requireUnfailed();
    }
}
