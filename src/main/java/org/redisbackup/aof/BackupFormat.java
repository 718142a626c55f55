package org.redisbackup.aof;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a backup is, told by its start. */
public enum BackupFormat {
    /** A snapshot, alone or with commands behind it. */
    RDB,
    /** Commands from the start. */
    AOF,
    UNKNOWN;

    /** Annotations with the time, as servers write them, then the number of words of a command and a first word. */
    private static final Pattern COMMANDS = Pattern.compile("(?:#TS:\\d{1,20}\r?\n)*+\\*\\d{1,10}\r\n\\$\\d");

    /**
     * For a file that may be anything, such as a text that starts with {@code #}.
     *
     * @param head the first bytes, as many as there are up to about a hundred or more
     */
    public static BackupFormat of(byte[] head) {
        String start = new String(head, StandardCharsets.ISO_8859_1);
        if (start.startsWith("REDIS") || start.startsWith("VALKEY")) {
            return RDB;
        }
        return COMMANDS.matcher(start).lookingAt() ? AOF : UNKNOWN;
    }

    /**
     * For a file that is a backup.
     *
     * @param firstByte 0-255, or -1 when there is none
     */
    public static BackupFormat of(int firstByte) {
        return switch (firstByte) {
            case 'R', 'V' -> RDB;
            case '*', '#' -> AOF;
            default -> UNKNOWN;
        };
    }
}
