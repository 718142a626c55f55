package org.redisbackup.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** One reading of a backup from its first byte on. For one thread at a time. */
final class Pass implements Closeable {
    private final ContentLimits limits;
    private final Consumer<String> warnings;
    private final WatchedInput object;
    private WatchedInput unpacked;
    private Codec codec;
    private Archive archive;
    private Budget nested;
    private WatchedInput content;

    /** @param object the backup as it lies in its bucket, from its first byte on */
    Pass(InputStream object, ContentLimits limits, Consumer<String> warnings) {
        this.object = new WatchedInput(object);
        this.limits = limits;
        this.warnings = warnings;
    }

    /** Bytes read of the backup, for any thread. */
    long bytesRead() {
        return object.count();
    }

    /**
     * Finds out what it is.
     *
     * @throws BackupContentException when it is packed in a way that is not unpacked
     */
    void begin() throws IOException {
        unpacked = object;
        byte[] head = unpacked.head(Archive.HEAD);
        codec = Codec.of(head);
        if (codec != null) {
            unpacked = new WatchedInput(UnpackedInput.of(codec, object, new Budget(limits, object), warnings));
            head = unpacked.head(Archive.HEAD);
            refuseCodecIn(codec, null, head);
        }
        if (isArchive(head)) {
            archive = Archive.open(head, unpacked, new Budget(limits, object), warnings);
            nested = new Budget(limits, object);
        } else {
            content = unpacked;
        }
    }

    /** A dump may hold what marks an archive: a tar archive has its mark in the middle of its first block. */
    private static boolean isArchive(byte[] head) {
        return !Dump.is(head) && Archive.is(head);
    }

    private static void refuseCodecIn(Codec outer, EntryName entry, byte[] head) throws BackupContentException {
        Codec inner = Codec.of(head);
        if (inner != null) {
            throw new BackupContentException(
                    entry,
                    "it is compressed twice, with " + inner.format() + " inside " + outer.format() + ": unpack it once",
                    null);
        }
    }

    /** Whether anything has to be unpacked. */
    boolean isPacked() {
        return codec != null || archive != null;
    }

    boolean isArchive() {
        return archive != null;
    }

    /**
     * Goes on to the next file of the archive, from the one before, which was read to its end. A file that is compressed
     * is unpacked.
     *
     * @return its name, or null at the end
     */
    EntryName next() throws IOException {
        if (content != null) {
            content.close(); // which goes no further than to the archive
        }
        EntryName entry = archive.next();
        content = entry == null ? null : new WatchedInput(archive.content());
        return entry;
    }

    /**
     * The first bytes of the file, which stay to be read.
     *
     * @throws BackupContentException when a file of an archive is packed in a way that is not unpacked
     */
    byte[] head(EntryName entry) throws IOException {
        byte[] head = content.head(Archive.HEAD);
        Codec inner = Codec.of(head);
        if (inner != null) {
            content = new WatchedInput(UnpackedInput.of(inner, content, nested, warnings));
            head = content.head(Archive.HEAD);
            refuseCodecIn(inner, entry, head);
        }
        if (isArchive(head)) {
            throw new BackupContentException(entry, "it is an archive inside an archive: unpack one of the two", null);
        }
        return head;
    }

    /** The file, or the backup itself when it is no archive. */
    InputStream content() {
        return content;
    }

    /** Reads what is left of the file, so that its checksums are looked at. */
    void finishContent() throws IOException {
        byte[] rest = new byte[1 << 13];
        while (content.read(rest) >= 0) {
            // only its end matters
        }
    }

    /** Ends the reading of the backup itself, from any thread. */
    void abort() throws IOException {
        object.close();
    }

    /** Gives back what the libraries hold. */
    @Override
    public void close() throws IOException {
        if (content != null) {
            content.close();
        }
        if (archive != null) {
            archive.close();
        }
        if (unpacked != null) {
            unpacked.close();
        }
    }
}
