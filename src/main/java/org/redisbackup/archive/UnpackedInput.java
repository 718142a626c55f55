package org.redisbackup.archive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.tukaani.xz.MemoryLimitException;

/** What a library unpacks: counted against the limits, and with its troubles told in words. */
final class UnpackedInput extends InputStream {
    private final String format;
    private final WatchedInput packed;
    private final Budget budget;
    private final InputStream in;

    /**
     * @param format its name
     * @param packed what the library reads
     * @param in what the library gives
     */
    UnpackedInput(String format, WatchedInput packed, InputStream in, Budget budget) {
        this.format = format;
        this.packed = packed;
        this.in = in;
        this.budget = budget;
    }

    /** What a compressed stream unpacks to. */
    static UnpackedInput of(Codec codec, WatchedInput packed, Budget budget, Consumer<String> warnings)
            throws IOException {
        try {
            return new UnpackedInput(codec.format(), packed, codec.open(packed, warnings), budget);
        } catch (IOException | RuntimeException e) {
            throw inWords(codec.format(), packed, e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count;
        try {
            count = in.read(target, offset, length);
        } catch (IOException | RuntimeException e) { // libraries throw any on data that nobody compressed
            throw inWords(format, packed, e);
        }
        if (count > 0) {
            budget.spend(count);
        }
        return count;
    }

    /**
     * What a library that failed meant.
     *
     * @param packed what it was reading
     */
    static IOException inWords(String format, WatchedInput packed, Exception e) {
        if (packed.failure() != null) {
            return packed.failure();
        }
        if (e instanceof BackupContentException told) {
            return told;
        }
        if (e instanceof MemoryLimitException limit) {
            return new BackupContentException(
                    null,
                    "unpacking its xz data takes " + limit.getMemoryNeeded() + " KiB of memory and may take "
                            + limit.getMemoryLimit() + ": give the process more memory (-Xmx)",
                    e);
        }
        if (e instanceof ZstdIOException zstd && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
            return new BackupContentException(
                    null,
                    "unpacking its zstd data takes more than 128 MiB of memory: compress it without --long or --ultra",
                    e);
        }
        return new BackupContentException(
                null,
                packed.isEnded()
                        ? "its " + format + " data is cut off: more bytes have to follow"
                        : "its " + format + " data is damaged (" + e.getMessage() + ")",
                e);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
