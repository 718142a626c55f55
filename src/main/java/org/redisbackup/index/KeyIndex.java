package org.redisbackup.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.redisbackup.rdb.KeyBatch;

/**
 * Which keys a backup brought to a target, and what their values were: hashes of keys and values in a folder on the local
 * disk, in a part for each file of the backup, with the names of the keys. A key takes 48 bytes there, and its name; while
 * a part is made, its hashes take the space once more. Memory is bounded whatever the number of keys: two indexes are
 * compared by going over both in the order of the hashes.
 *
 * <p>A folder is an index once its manifest is written, which is the last thing that happens to it.
 */
public final class KeyIndex {
    private static final String MANIFEST = "manifest";
    private static final String FORMAT = "redisbackup index 1";
    private static final int MAX_QUICK_PARTS = 4;
    private static final String PLACES = ".places";
    private static final int ENTRY_MEMORY = 40;

    /** A part in the making takes so much of the heap. */
    private static final int SHARE_OF_HEAP = 32;

    private static final long MAX_CAPACITY = 4_000_000;

    private final Path folder;
    private final List<IndexPart> parts;

    private KeyIndex(Path folder, List<IndexPart> parts) {
        this.folder = folder;
        this.parts = parts;
    }

    /** A new one in a folder that is made, or emptied, for it. */
    public static KeyIndex create(Path folder) throws IOException {
        delete(folder);
        Files.createDirectories(folder);
        return new KeyIndex(folder, new ArrayList<>());
    }

    /** The one that was {@link #complete completed} in the folder, if it is there as a whole. */
    public static Optional<KeyIndex> open(Path folder) throws IOException {
        Path manifest = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(manifest, StandardCharsets.UTF_8);
        if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
            return Optional.empty();
        }
        List<IndexPart> parts = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] numbers = line.split(" ");
            IndexPart part = part(
                    folder,
                    parts.size(),
                    Long.parseLong(numbers[0]),
                    Long.parseLong(numbers[1]),
                    Long.parseLong(numbers[2]));
            if (!part.isWhole(Long.parseLong(numbers[3]))) {
                return Optional.empty();
            }
            parts.add(part);
        }
        return Optional.of(new KeyIndex(folder, parts));
    }

    private static IndexPart part(Path folder, int number, long records, long keys, long firstExpiry) {
        return new IndexPart(
                folder.resolve(number + ".table"), folder.resolve(number + ".names"), records, keys, firstExpiry);
    }

    /** Deletes a folder with an index, or the beginning of one; does nothing when there is none. */
    public static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path each : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** The part of one file, while it is made. */
    public interface Part extends Closeable {
        /**
         * Adds the keys of a batch that are to be on the target: those that are not excluded, and whose time is not over.
         *
         * @param now Unix milliseconds
         */
        void add(KeyBatch batch, long now) throws IOException;

        /** All keys of the file were added. */
        void finish() throws IOException;

        /** How many of them were marked as unchanged. */
        long unchanged();
    }

    /** Where the batches of a file come from. */
    public interface Keys {
        /** @return null when there are no more */
        KeyBatch next() throws IOException;

        /** The batch is of no more use. */
        void done(KeyBatch batch);
    }

    /**
     * Makes the part of one file of the backup, from its first key to its last. Several may be made at once.
     *
     * @return the number of the part
     */
    public int add(Keys keys) throws IOException {
        int number = reserve();
        try (Part part = builder(number, null, true)) {
            for (KeyBatch batch = keys.next(); batch != null; batch = keys.next()) {
                try {
                    part.add(batch, System.currentTimeMillis());
                } finally {
                    keys.done(batch);
                }
            }
            part.finish();
        }
        return number;
    }

    /**
     * Begins the part of a file whose batches are delivered. Streamed values are left to the delivery, so they are not known.
     *
     * @param before an index that {@link #isQuick}, or null: what it has is marked as unchanged in the batches
     */
    public Part begin(KeyIndex before) throws IOException {
        return builder(reserve(), before == null ? null : new KnownKeys(before.parts()), false);
    }

    private int reserve() {
        synchronized (parts) {
            parts.add(part(folder, parts.size(), 0, 0, 0));
            return parts.size() - 1;
        }
    }

    private PartBuilder builder(int number, KnownKeys known, boolean readsStreamed) throws IOException {
        return new PartBuilder(partOf(number), capacity(), known, readsStreamed, made -> {
            synchronized (parts) {
                parts.set(number, made);
            }
        });
    }

    /**
     * Whether keys can be looked up in it one by one: its tables take at most so much memory, which the operating system
     * then keeps them in, and are few.
     *
     * @param memory bytes
     */
    public boolean isQuick(long memory) {
        List<IndexPart> all = parts();
        return all.size() <= MAX_QUICK_PARTS
                && all.stream().allMatch(part -> part.keys() * EntryCursor.BYTES <= EntryLookup.MAX_TABLE)
                && keys() * EntryCursor.BYTES <= memory;
    }

    private static int capacity() {
        return (int) Math.min(MAX_CAPACITY, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / ENTRY_MEMORY);
    }

    private IndexPart partOf(int number) {
        synchronized (parts) {
            return parts.get(number);
        }
    }

    private List<IndexPart> parts() {
        synchronized (parts) {
            return List.copyOf(parts);
        }
    }

    /** All parts are made: from now on the folder is an index. */
    public void complete() throws IOException {
        List<String> lines = new ArrayList<>(List.of(FORMAT));
        for (IndexPart part : parts()) {
            lines.add(part.records() + " " + part.keys() + " " + part.firstExpiry() + " " + Files.size(part.names()));
        }
        deletePlaces();
        Path written = folder.resolve(MANIFEST + ".new");
        Files.write(written, lines, StandardCharsets.UTF_8);
        Files.move(written, folder.resolve(MANIFEST));
    }

    private void deletePlaces() throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            for (Path each :
                    content.filter(file -> file.toString().endsWith(PLACES)).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Keys of all parts. */
    public long keys() {
        return parts().stream().mapToLong(IndexPart::keys).sum();
    }

    /**
     * Which records of a part are just as in another index, and nowhere else: the same key with the same value and expiry.
     *
     * @param part its number
     */
    public PlaceSet unchangedSince(KeyIndex before, int part) throws IOException {
        IndexPart ours = partOf(part);
        PlaceSet unchanged = new PlaceSet(folder.resolve(part + ".unchanged" + PLACES), ours.records());
        try (IndexPart.Opened opened = ours.open();
                Entries theirs = before.entries()) {
            Groups old = new Groups(theirs.cursor());
            Groups fresh = new Groups(opened.cursor());
            while (fresh.next()) {
                if (old.skipTo(fresh) && fresh.isSingle() && old.isSingle() && fresh.hasValueOf(old)) {
                    unchanged.add(fresh.place());
                }
            }
        }
        return unchanged;
    }

    /**
     * Shows the keys that were in another index and are not in this one, of which all parts are made.
     *
     * @return how many keys that were
     */
    public long visitVanishedSince(KeyIndex before, NameVisitor visitor) throws IOException {
        List<PlaceSet> vanished = new ArrayList<>();
        List<IndexPart> oldParts = before.parts();
        for (int i = 0; i < oldParts.size(); i++) {
            vanished.add(new PlaceSet(
                    folder.resolve(i + ".vanished" + PLACES), oldParts.get(i).records()));
        }
        try (Entries ours = entries();
                Entries theirs = before.entries()) {
            Groups now = new Groups(ours.cursor());
            EntryCursor old = theirs.cursor();
            while (old.next()) {
                if (!now.skipTo(old)) {
                    vanished.get(old.source()).add(old.place);
                }
            }
        }
        long count = 0;
        for (int i = 0; i < oldParts.size(); i++) {
            PlaceSet places = vanished.get(i);
            count += places.size();
            if (places.size() > 0) {
                oldParts.get(i).visit((place, expireAt) -> places.contains(place), visitor);
            }
        }
        return count;
    }

    /**
     * Shows the keys whose time is over.
     *
     * @param now Unix milliseconds
     */
    public void visitExpired(long now, NameVisitor visitor) throws IOException {
        for (IndexPart part : parts()) {
            if (part.firstExpiry() <= now) {
                part.visit((place, expireAt) -> expireAt != KeyBatch.NO_EXPIRY && expireAt <= now, visitor);
            }
        }
    }

    private Entries entries() throws IOException {
        List<IndexPart.Opened> opened = new ArrayList<>();
        try {
            for (IndexPart part : parts()) {
                opened.add(part.open());
            }
        } catch (IOException e) {
            close(opened);
            throw e;
        }
        List<EntryCursor> cursors =
                opened.stream().map(IndexPart.Opened::cursor).toList();
        return new Entries(opened, cursors.size() == 1 ? cursors.get(0) : new MergedCursor(cursors));
    }

    private static void close(List<IndexPart.Opened> opened) throws IOException {
        for (IndexPart.Opened each : opened) {
            each.close();
        }
    }

    /** All entries, while the files are open. */
    private record Entries(List<IndexPart.Opened> opened, EntryCursor cursor) implements Closeable {
        @Override
        public void close() throws IOException {
            KeyIndex.close(opened);
        }
    }
}
