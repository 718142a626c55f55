package org.redisbackup.rdb;

import java.io.IOException;

/** A value read straight from the reader's input by another thread, while the reader waits. */
abstract class StreamedSlice extends StreamedValue {
    private final String key;
    private final ValidationPolicy policy;
    private boolean givenUp;
    private boolean cut;
    private IOException failure;

    /**
     * @param key printable
     * @param policy what {@link #refuse} does
     */
    StreamedSlice(String key, ValidationPolicy policy) {
        this.key = key;
        this.policy = policy;
    }

    @Override
    public final synchronized int read(byte[] target, int offset, int count) throws IOException {
        requireUncut();
        if (count == 0) {
            return 0;
        }
        requireUnfailed();
        int read = givenUp ? -1 : readSome(target, offset, count);
        if (read < 0) {
            close();
        }
        return read;
    }

    /** Reads at least a byte, or gives -1 at the value's end. The caller holds the monitor. */
    abstract int readSome(byte[] target, int offset, int count) throws IOException;

    @Override
    public final synchronized void refuse(RdbFormatException why) {
        if (policy == ValidationPolicy.FAIL && failure == null) {
            failure = new RdbFormatException(
                    why.offset(), "the value of the key " + key + " is broken: " + why.problem());
        }
        close();
    }

    @Override
    public final synchronized void close() {
        givenUp = true;
        notifyAll();
    }

    /** Ends reading because the backup itself is being closed. */
    final synchronized void cut() {
        cut = true;
        close();
    }

    final boolean isGivenUp() {
        return givenUp;
    }

    final boolean isCut() {
        return cut;
    }

    final void requireUncut() throws IOException {
        if (cut) {
            throw new IOException("the backup was closed while a value of it was read");
        }
    }

    /** The backup can't be read on. */
    final synchronized void fail(IOException why) {
        failure = why;
        close();
    }

    final void requireUnfailed() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Waits until somebody saw the value's end or gave it up, then goes over what is left of it. To have handed out its
     * last byte is not enough: who looks at it may still {@link #refuse} the value.
     */
    abstract void awaitEnd() throws IOException, InterruptedException;
}
