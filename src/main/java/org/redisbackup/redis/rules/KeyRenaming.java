package org.redisbackup.redis.rules;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How keys are called on the target: one prefix in place of another.
 *
 * @param strip what is taken off the start of keys that have it; empty for nothing
 * @param add what is put in front; when {@code strip} is not empty, only of keys that had it
 */
public record KeyRenaming(String strip, String add) {
    /** Leaves keys as they are. */
    public static final KeyRenaming NONE = new KeyRenaming("", "");

    private static final int MAX_LENGTH = 1024;

    /** @throws IllegalArgumentException when a prefix is longer than {@value #MAX_LENGTH} characters */
    public KeyRenaming {
        if (strip.length() > MAX_LENGTH || add.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a prefix of keys has at most " + MAX_LENGTH + " characters");
        }
    }

    boolean changesNothing() {
        return strip.equals(add);
    }

    /** @return the new name of the key in {@code bytes[offset, offset + length)}, or null when it keeps its name */
    byte[] renamed(byte[] bytes, int offset, int length) {
        byte[] old = strip.getBytes(StandardCharsets.UTF_8);
        if (changesNothing()
                || old.length > length
                || !Arrays.equals(bytes, offset, offset + old.length, old, 0, old.length)) {
            return null;
        }
        byte[] prefix = add.getBytes(StandardCharsets.UTF_8);
        int rest = length - old.length;
        byte[] name = Arrays.copyOf(prefix, prefix.length + rest);
        System.arraycopy(bytes, offset + old.length, name, prefix.length, rest);
        return name;
    }
}
