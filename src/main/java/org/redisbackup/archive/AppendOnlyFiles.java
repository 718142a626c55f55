package org.redisbackup.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.redisbackup.aof.AofManifest;
import org.redisbackup.aof.AofManifestException;

/** The append-only files of an archive or a folder, put together from the names that were seen there. */
public final class AppendOnlyFiles {
    private static final int LARGEST_MANIFEST = 1 << 16;

    private final Map<EntryName, String> manifests = new LinkedHashMap<>();
    private final Set<EntryName> files = new LinkedHashSet<>();

    /**
     * One append-only file.
     *
     * @param name of its manifest, or of itself when it has none
     * @param parts in the order in which they are to be read
     */
    public record Parts(EntryName name, List<EntryName> parts) {}

    /** A manifest, or another file named like one. */
    public void addManifest(EntryName name, InputStream content) throws IOException {
        manifests.put(name, new String(content.readNBytes(LARGEST_MANIFEST), StandardCharsets.ISO_8859_1));
    }

    /** A file that may be a part. */
    public void addFile(EntryName name) {
        files.add(name);
    }

    /**
     * What belongs together.
     *
     * @param warnings told of what belongs nowhere
     * @throws BackupContentException when a manifest is invalid or something of it is missing
     */
    public Deque<Parts> together(Consumer<String> warnings) throws BackupContentException {
        Deque<Parts> found = new ArrayDeque<>();
        Set<EntryName> rest = new LinkedHashSet<>(files);
        for (Map.Entry<EntryName, String> manifest : manifests.entrySet()) {
            EntryName name = manifest.getKey();
            if (files.stream().noneMatch(file -> file.folder().equals(name.folder()))) {
                warnings.accept(name + " is no dump and was skipped");
                continue;
            }
            List<EntryName> parts = parts(name, manifest.getValue());
            parts.forEach(rest::remove);
            found.add(new Parts(name, parts));
        }
        for (EntryName file : rest) {
            if (manifests.keySet().stream().anyMatch(name -> name.folder().equals(file.folder()))) {
                warnings.accept(file + " is no part that its manifest names and was skipped");
            } else if (file.isPart()) {
                throw new BackupContentException(
                        file, "it is a part of an append-only file, whose manifest is not beside it", null);
            } else {
                found.add(new Parts(file, List.of(file)));
            }
        }
        return found;
    }

    private List<EntryName> parts(EntryName manifest, String text) throws BackupContentException {
        List<EntryName> parts;
        try {
            parts = AofManifest.parse(text).files().stream()
                    .map(manifest::beside)
                    .toList();
        } catch (AofManifestException e) {
            throw new BackupContentException(manifest, e.getMessage(), e);
        }
        for (EntryName part : parts) {
            if (!files.contains(part)) {
                throw new BackupContentException(manifest, "it names " + part + ", which is not beside it", null);
            }
        }
        return parts;
    }
}
