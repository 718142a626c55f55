package org.redisbackup.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** A way to compress one stream, told by its first bytes. All take several compressed streams in a row for one. */
enum Codec {
    GZIP("gzip", "\u001f\u008b") {
        @Override
        InputStream open(InputStream in, Consumer<String> warnings) {
            return new GzipInput(in, warnings);
        }
    },
    ZSTD("zstd", "(\u00b5/\u00fd") {
        /** Refuses windows of more than 128 MB, as the program zstd does; they are held outside the heap. */
        @Override
        InputStream open(InputStream in, Consumer<String> warnings) throws IOException {
            return new ZstdInputStreamNoFinalizer(in);
        }
    },
    LZ4("lz4", "\u0004\"M\u0018") {
        /** Of the libraries, the one that knows blocks that refer to the one before, which many programs write. */
        @Override
        InputStream open(InputStream in, Consumer<String> warnings) throws IOException {
            return new FramedLZ4CompressorInputStream(buffered(in), true);
        }
    },
    BZIP2("bzip2", "BZh") {
        @Override
        InputStream open(InputStream in, Consumer<String> warnings) throws IOException {
            return new BZip2CompressorInputStream(buffered(in), true);
        }
    },
    XZ("xz", "\u00fd7zXZ\u0000") {
        @Override
        InputStream open(InputStream in, Consumer<String> warnings) throws IOException {
            return new XZInputStream(buffered(in), memoryLimitKib());
        }
    };

    /** Windows of xz are as large as who compressed wanted, and lie on the heap: up to 65 MB of {@code xz -9}. */
    private static final int SHARE_OF_HEAP = 4;

    private static final int BUFFER = 1 << 16;

    private final String format;
    private final String magic;

    /** @param magic the bytes that data of the format starts with, a character each */
    Codec(String format, String magic) {
        this.format = format;
        this.magic = magic;
    }

    /** The codec of what starts like this, or null. */
    static Codec of(byte[] head) {
        String start = new String(head, StandardCharsets.ISO_8859_1);
        for (Codec codec : values()) {
            if (start.startsWith(codec.magic)) {
                return codec;
            }
        }
        return null;
    }

    private static int memoryLimitKib() {
        return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / 1024);
    }

    /** These libraries read in small pieces. */
    private static InputStream buffered(InputStream in) {
        return new BufferedInputStream(in, BUFFER);
    }

    /** The name of the format, for messages. */
    String format() {
        return format;
    }

    /** What {@code in} unpacks to; closing it closes {@code in}. */
    abstract InputStream open(InputStream in, Consumer<String> warnings) throws IOException;
}
