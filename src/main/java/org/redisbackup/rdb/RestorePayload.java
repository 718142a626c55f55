package org.redisbackup.rdb;

/**
 * The argument of {@code RESTORE}, as {@code DUMP} makes it: type byte, raw value, then a footer of the RDB version (2
 * bytes, little endian) and the CRC-64 of everything before it (8 bytes, little endian).
 */
public final class RestorePayload {
    /** Bytes around the value: the type byte and the footer. */
    public static final int OVERHEAD = 11;

    /** Bytes after the value. */
    public static final int FOOTER = 10;

    private RestorePayload() {}

    /**
     * Writes the footer.
     *
     * @param target has {@value #FOOTER} bytes of room at {@code offset}
     * @param version the RDB version that the payload claims, see {@link ValueType#stampVersion}
     * @param crc CRC-64 of type byte and value, see {@link KeyBatch#payloadCrc}
     */
    public static void writeFooter(byte[] target, int offset, int version, long crc) {
        target[offset] = (byte) version;
        target[offset + 1] = (byte) (version >>> 8);
        long whole = Crc64.update(Crc64.update(crc, version & 0xff), version >>> 8);
        for (int i = 0; i < 8; i++) {
            target[offset + 2 + i] = (byte) (whole >>> (8 * i));
        }
    }
}
