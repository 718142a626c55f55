package org.redisbackup.archive;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * The files of a tar or zip archive, from its first to its last, as they stand in the stream. A zip archive is read by the
 * headers in front of its files; its directory at the end, which may leave some of them out, is not looked at.
 */
final class Archive implements Closeable {
    /** Bytes of an archive that tell what it is. */
    static final int HEAD = 512;

    private static final int USTAR_OFFSET = 257;
    private static final byte[] USTAR = {'u', 's', 't', 'a', 'r'};
    /** Names and attributes of a tar entry are read into memory. */
    private static final int LARGEST_TAR_HEADER = 1 << 20;

    private static final int BUFFER = 1 << 16;
    /** Bytes of the smallest directory of one file; what else may follow a file is smaller. */
    private static final int ZIP_DIRECTORY = 46 + 22;

    private static final String ZIP = "zip";
    private static final String TAR = "tar";

    private final String format;
    private final WatchedInput packed;
    private final Budget budget;
    private final Consumer<String> warnings;
    private final ArchiveInputStream<?> in;
    private final CRC32 checksum = new CRC32();
    private InputStream content;
    private ArchiveEntry entry;

    private Archive(
            String format, WatchedInput packed, ArchiveInputStream<?> in, Budget budget, Consumer<String> warnings) {
        this.format = format;
        this.packed = packed;
        this.in = in;
        this.budget = budget;
        this.warnings = warnings;
    }

    /** Whether what starts like this is an archive. */
    static boolean is(byte[] head) {
        return isZip(head) || isTar(head);
    }

    private static boolean isZip(byte[] head) {
        if (head.length < 4 || head[0] != 'P' || head[1] != 'K') {
            return false;
        }
        int kind = head[2] << 8 | head[3];
        return kind == 0x0304 || kind == 0x0506 || kind == 0x0708; // an entry, no entry, a split archive
    }

    private static boolean isTar(byte[] head) {
        if (head.length < HEAD) {
            return false;
        }
        try {
            return Arrays.equals(head, USTAR_OFFSET, USTAR_OFFSET + USTAR.length, USTAR, 0, USTAR.length)
                    || TarUtils.verifyCheckSum(head);
        } catch (IllegalArgumentException e) {
            return false; // where the checksum should be, there is no number
        }
    }

    /** @param packed the archive, whose head was found to be one */
    static Archive open(byte[] head, WatchedInput packed, Budget budget, Consumer<String> warnings) {
        return isZip(head)
                ? new Archive(ZIP, packed, new ZipArchiveInputStream(buffered(packed)), budget, warnings)
                : new Archive(TAR, packed, new TarArchiveInputStream(buffered(packed)), budget, warnings);
    }

    /** The libraries read in small pieces. */
    private static InputStream buffered(InputStream in) {
        return new BufferedInputStream(in, BUFFER);
    }

    /**
     * Goes on to the next file; the one before has to be read to its end.
     *
     * @return its name, or null at the end of the archive
     * @throws BackupContentException when the archive is damaged, or the file can't be read
     */
    EntryName next() throws IOException {
        while (true) {
            ArchiveEntry before = entry;
            entry = step();
            requireIntact(before);
            if (entry == null) {
                return null;
            }
            budget.spendEntry();
            if (isFile(entry)) {
                requireReadable();
                checksum.reset();
                content = new UnpackedInput(format, packed, new OneFile(in, checksum), budget);
                return new EntryName(entry.getName());
            }
        }
    }

    /** What the file holds. */
    InputStream content() {
        return content;
    }

    private ArchiveEntry step() throws IOException {
        try {
            if (in instanceof TarArchiveInputStream) {
                packed.allow(LARGEST_TAR_HEADER);
            }
            ArchiveEntry next = in.getNextEntry();
            packed.allow(Long.MAX_VALUE);
            if (next == null && entry instanceof ZipArchiveEntry last && isWithoutDirectory(last)) {
                throw new BackupContentException("its zip data is cut off: more bytes have to follow");
            }
            return next;
        } catch (IOException | RuntimeException e) {
            throw UnpackedInput.inWords(format, packed, e);
        }
    }

    /** The library takes the end of the bytes for the end of the archive when a file ends there. */
    private boolean isWithoutDirectory(ZipArchiveEntry last) {
        return in.getBytesRead() - last.getDataOffset() - last.getCompressedSize() < ZIP_DIRECTORY;
    }

    private boolean isFile(ArchiveEntry found) {
        if (found instanceof TarArchiveEntry tar && isSpecial(tar)) {
            warnings.accept(new EntryName(found.getName()) + " is a link or a device, not a file, and was skipped");
            return false;
        }
        return !found.isDirectory();
    }

    private static boolean isSpecial(TarArchiveEntry tar) {
        return tar.isSymbolicLink() || tar.isLink() || tar.isFIFO() || tar.isCharacterDevice() || tar.isBlockDevice();
    }

    private void requireReadable() throws BackupContentException {
        if (!in.canReadEntryData(entry)) {
            ZipArchiveEntry zip = (ZipArchiveEntry) entry;
            throw new BackupContentException(
                    new EntryName(entry.getName()),
                    zip.getGeneralPurposeBit().usesEncryption()
                            ? "it is encrypted: import it without a password"
                            : "it is stored in a way (method " + zip.getMethod()
                                    + ") that can't be read as a stream: compress it with deflate, as usual",
                    null);
        }
    }

    /** What a tar archive lacks: a checksum of the content. */
    private void requireIntact(ArchiveEntry read) throws BackupContentException {
        if (read instanceof ZipArchiveEntry zip && !zip.isDirectory() && zip.getCrc() != checksum.getValue()) {
            throw new BackupContentException(
                    new EntryName(read.getName()),
                    "its checksum is " + Long.toHexString(zip.getCrc()) + " but its bytes give "
                            + Long.toHexString(checksum.getValue()) + ": it is damaged",
                    null);
        }
    }

    /** Reads the present file of the archive; closing it leaves the archive open. */
    private static final class OneFile extends CheckedInputStream {
        OneFile(InputStream archive, CRC32 checksum) {
            super(archive, checksum);
        }

        @Override
        public void close() {
            // others follow
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
