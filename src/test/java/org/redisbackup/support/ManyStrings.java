package org.redisbackup.support;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An RDB file with any number of strings of the same length; without a checksum. */
public final class ManyStrings extends GeneratedFile {
    private static final int AT_ONCE = 1000;
    private static final int END = 9;
    private static final int HEAD = 9;

    private final long keys;
    private final byte[] value;
    private long made;
    private boolean begun;
    private boolean ended;

    /** @param length of each value, in bytes */
    public ManyStrings(long keys, int length) {
        this.keys = keys;
        value = "v".repeat(length).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    protected byte[] more() {
        if (made == keys && ended) {
            return null;
        }
        RdbFile part = new RdbFile("REDIS0010");
        long end = Math.min(keys, made + AT_ONCE);
        for (; made < end; made++) {
            part.string("key:" + made, value);
        }
        ended = made == keys;
        byte[] bytes = part.bytes();
        int from = begun ? HEAD : 0;
        begun = true;
        return Arrays.copyOfRange(bytes, from, bytes.length - (ended ? 0 : END));
    }
}
