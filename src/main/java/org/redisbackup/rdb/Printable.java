package org.redisbackup.rdb;

/** Keys and names, which may be any bytes, as text for people. */
public final class Printable {
    private static final int MAX_CHARACTERS = 256;

    private Printable() {}

    /** The bytes with those outside printable ASCII, and backslashes, as {@code \\xhh}; cut after 256 characters. */
    public static String of(byte[] bytes, int offset, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = offset; i < offset + length; i++) {
            int b = bytes[i] & 0xff;
            boolean plain = b >= ' ' && b <= '~' && b != '\\';
            String next = plain ? String.valueOf((char) b) : String.format("\\x%02x", b);
            if (text.length() + next.length() > MAX_CHARACTERS) {
                break;
            }
            text.append(next);
        }
        return text.toString();
    }
}
