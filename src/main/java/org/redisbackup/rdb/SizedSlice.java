package org.redisbackup.rdb;

import java.io.IOException;

/** A streamed value of which the file says how long it is: who reads it reads the reader's input. */
final class SizedSlice extends StreamedSlice {
    private final RdbInput in;
    private final long length;
    private long rest;

    SizedSlice(String key, ValidationPolicy policy, RdbInput in, long length) {
        super(key, policy);
        this.in = in;
        this.length = length;
        rest = length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    int readSome(byte[] target, int offset, int count) throws IOException {
        if (rest == 0) {
            return -1;
        }
        try {
            int read = in.read(target, offset, (int) Math.min(count, rest));
            rest -= read;
            return read;
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    @Override
    synchronized void awaitEnd() throws IOException, InterruptedException {
        while (!isGivenUp()) {
            wait();
        }
        requireUnfailed();
        if (!isCut()) {
            in.skip(rest);
            rest = 0;
        }
    }
}
