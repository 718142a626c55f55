package org.redisbackup.rdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Serializable;

/**
 * A place between two key records of an RDB stream where reading can go on, with what is known there of the bytes before.
 *
 * @param offset bytes from the start of the stream
 * @param db the database that is selected there
 * @param checksum CRC-64 of all bytes before
 * @param written when the file was, in Unix milliseconds; -1 when it does not say
 * @param magic how the stream begins: the bytes that tell its version
 */
public record Checkpoint(long offset, int db, long checksum, long written, String magic) implements Serializable {
    /** The bytes that the stream begins with. */
    public byte[] head() {
        return magic.getBytes(ISO_8859_1);
    }
}
