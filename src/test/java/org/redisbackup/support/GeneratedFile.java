package org.redisbackup.support;

import java.io.InputStream;

/** A file that is made while it is read, so that it may be of any size. */
public abstract class GeneratedFile extends InputStream {
    private byte[] bytes = new byte[0];
    private int position;

    /** The bytes that follow, at least one; null when the file ends. */
    protected abstract byte[] more();

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (position == bytes.length) {
            byte[] next = more();
            if (next == null) {
                return -1;
            }
            bytes = next;
            position = 0;
        }
        int count = Math.min(length, bytes.length - position);
        System.arraycopy(bytes, position, target, offset, count);
        position += count;
        return count;
    }
}
