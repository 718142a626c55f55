package org.redisbackup.rdb;

import java.io.IOException;

/** A value read straight from the reader's input by another thread, while the reader waits. */
final class StreamedSlice extends StreamedValue {
    private final RdbInput in;
    private final long length;
    private long rest;
    private boolean givenUp;
    private boolean cut;
    private IOException failure;

    StreamedSlice(RdbInput in, long length) {
        this.in = in;
        this.length = length;
        this.rest = length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int count) throws IOException {
        if (cut) {
            throw new IOException("the backup was closed while a value of it was read");
        }
        if (count == 0) {
            return 0;
        }
        if (rest == 0 || givenUp) {
            return -1;
        }
        try {
            int read = in.read(target, offset, (int) Math.min(count, rest));
            rest -= read;
            if (rest == 0) {
                notifyAll();
            }
            return read;
        } catch (IOException e) {
            failure = e;
            givenUp = true;
            notifyAll();
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        givenUp = true;
        notifyAll();
    }

    /** Ends reading because the backup itself is being closed. */
    synchronized void cut() {
        cut = true;
        close();
    }

    /** Waits until the value was read or given up, then goes over what is left of it. */
    synchronized void awaitEnd() throws IOException, InterruptedException {
        while (rest > 0 && !givenUp) {
            wait();
        }
        if (failure != null) {
            throw failure;
        }
        if (!cut) {
            in.skip(rest);
            rest = 0;
        }
    }
}
