package org.redisbackup.aof;

/** What a backup is, told by its first byte. */
public enum BackupFormat {
    /** A snapshot, alone or with commands behind it. */
    RDB,
    /** Commands from the start. */
    AOF,
    UNKNOWN;

    /**
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
