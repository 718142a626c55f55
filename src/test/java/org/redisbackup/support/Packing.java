package org.redisbackup.support;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** The ways to pack backups, with an example of each. */
public final class Packing {
    private Packing() {}

    /** Compresses one file. */
    public enum Compression {
        GZ("gz"),
        ZST("zst"),
        LZ4("lz4"),
        /** Each block may refer to the one before: what many libraries write. */
        LZ4_LINKED("linked.lz4"),
        BZ2("bz2"),
        XZ("xz");

        private final String ending;

        Compression(String ending) {
            this.ending = ending;
        }

        /** What the names of such files end with, without the dot. */
        public String ending() {
            return ending;
        }

        public byte[] of(byte[] content) {
            return written(bytes -> {
                try (OutputStream out = open(bytes)) {
                    out.write(content);
                }
            });
        }

        private OutputStream open(OutputStream out) throws IOException {
            return switch (this) {
                case GZ -> new GZIPOutputStream(out);
                case ZST -> new ZstdOutputStream(out).setChecksum(true);
                case LZ4 -> new FramedLZ4CompressorOutputStream(out);
                case LZ4_LINKED -> new FramedLZ4CompressorOutputStream(out, LINKED);
                case BZ2 -> new BZip2CompressorOutputStream(out);
                case XZ -> new XZOutputStream(out, new LZMA2Options(1));
            };
        }
    }

    private static final FramedLZ4CompressorOutputStream.Parameters LINKED =
            new FramedLZ4CompressorOutputStream.Parameters(
                    FramedLZ4CompressorOutputStream.BlockSize.K64,
                    true,
                    false,
                    true,
                    BlockLZ4CompressorOutputStream.createParameterBuilder().build());

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Files in an order. */
    public static Map<String, byte[]> files(Object... namesAndContents) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            files.put((String) namesAndContents[i], (byte[]) namesAndContents[i + 1]);
        }
        return files;
    }

    public static byte[] tar(Map<String, byte[]> files) {
        return written(bytes -> {
            try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
                out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
                    entry.setSize(file.getValue().length);
                    out.putArchiveEntry(entry);
                    out.write(file.getValue());
                    out.closeArchiveEntry();
                }
            }
        });
    }

    /** Written as a stream is: sizes follow the files. */
    public static byte[] zip(Map<String, byte[]> files) {
        return zip(files, ZipArchiveEntry.DEFLATED, Zip64Mode.AsNeeded);
    }

    /** @param method such as {@link ZipArchiveEntry#STORED} */
    public static byte[] zip(Map<String, byte[]> files, int method, Zip64Mode mode) {
        return written(bytes -> {
            try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(bytes)) {
                out.setUseZip64(mode);
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
                    entry.setMethod(method);
                    if (method == ZipArchiveEntry.STORED) {
                        CRC32 checksum = new CRC32();
                        checksum.update(file.getValue());
                        entry.setCrc(checksum.getValue());
                        entry.setSize(file.getValue().length);
                    }
                    out.putArchiveEntry(entry);
                    out.write(file.getValue());
                    out.closeArchiveEntry();
                }
            }
        });
    }

    /** One after the other. */
    public static byte[] joined(byte[]... parts) {
        return written(bytes -> {
            for (byte[] part : parts) {
                bytes.write(part);
            }
        });
    }
}
