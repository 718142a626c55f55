package org.redisbackup.archive;

import java.util.regex.Pattern;

/**
 * The name of a file in an archive or a bucket. It is looked at and shown, but nothing is ever written there, so that a name with
 * {@code ..} or a leading slash is as good as any.
 *
 * @param path as the archive has it, with slashes
 */
public record EntryName(String path) {
    /**
     * Names that servers give to the parts of an append-only file; the number is the part's sequence. One that is
     * compressed by itself is no backup by itself either.
     */
    private static final Pattern PART = Pattern.compile(".*\\.\\d+\\.(base|incr)\\.(rdb|aof)(\\.(gz|zst|lz4|bz2|xz))?");

    private static final String APPEND_ONLY = ".aof";
    private static final String MANIFEST = ".manifest";
    private static final int MAX_CHARACTERS = 256;

    /** What stands in front of the file's own name, with the slash; empty at the top. */
    String folder() {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /** A file beside this one. */
    EntryName beside(String file) {
        return new EntryName(folder() + file);
    }

    /** Whether it means nothing without a manifest, which says in what order such parts belong together. */
    boolean isPart() {
        return PART.matcher(path).matches();
    }

    /** Whether a manifest may speak of it. A server that was upgraded keeps the one file it had as first part. */
    public boolean mayBePart() {
        return path.endsWith(APPEND_ONLY) || isPart();
    }

    public boolean isManifest() {
        return path.endsWith(MANIFEST);
    }

    /** For messages: without control characters, and not too long. */
    @Override
    public String toString() {
        String shown = path.length() <= MAX_CHARACTERS ? path : path.substring(0, MAX_CHARACTERS) + "...";
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
