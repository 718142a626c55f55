package org.redisbackup.aof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The file that says which files an append-only backup of Redis 7.0 and later consists of: lines such as {@code file NAME
 * seq NUMBER type LETTER}, where unknown pairs are ignored.
 *
 * @param files names of the base file, then of the increments, in the order in which they are loaded
 */
public record AofManifest(List<String> files) {
    /** Servers read lines into a buffer of this size. */
    private static final int LINE_LIMIT = 1024;

    private static final String PAIRS =
            "is not made of pairs of a name and a value, \"file\", \"seq\" and \"type\" among them";

    public AofManifest {
        files = List.copyOf(files);
    }

    /**
     * @param text each character of which is a byte of the file
     * @throws AofManifestException when servers would refuse it
     */
    public static AofManifest parse(String text) throws AofManifestException {
        String base = null;
        List<String> increments = new ArrayList<>();
        long lastSequence = -1;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.startsWith("#")) {
                continue;
            }
            Map<String, String> pairs = pairs(number, line);
            switch (pairs.get("type")) {
                case "b" -> {
                    require(base == null, number, line, "names a second base file");
                    base = pairs.get("file");
                }
                case "i" -> {
                    long sequence = sequence(number, line, pairs.get("seq"));
                    require(
                            sequence > lastSequence,
                            number,
                            line,
                            "has no greater number than the increment before it");
                    lastSequence = sequence;
                    increments.add(pairs.get("file"));
                }
                case "h" -> {} // replaced by others, to be deleted
                default -> throw new AofManifestException(number, line, "is of a type that is none of b, h and i");
            }
        }
        if (number == 0) {
            throw new AofManifestException("the manifest is empty: it has to name a base file");
        }
        if (base == null) {
            throw new AofManifestException("the manifest names no base file");
        }
        increments.add(0, base);
        return new AofManifest(increments);
    }

    private static Map<String, String> pairs(int number, String line) throws AofManifestException {
        if (line.length() >= LINE_LIMIT) {
            throw new AofManifestException(
                    number, line.substring(0, 40) + "...", "is longer than " + (LINE_LIMIT - 1) + " bytes");
        }
        List<String> words = ManifestWords.of(line);
        require(words != null, number, line, "has a quote that does not end");
        require(words.size() % 2 == 0, number, line, PAIRS);
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            pairs.put(words.get(i), words.get(i + 1));
        }
        require(pairs.keySet().containsAll(List.of("file", "seq", "type")), number, line, PAIRS);
        require(!pairs.get("file").contains("/"), number, line, "names a file by a path: a plain name is expected");
        require(!pairs.get("file").isEmpty(), number, line, "names no file");
        return pairs;
    }

    private static long sequence(int number, String line, String text) throws AofManifestException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new AofManifestException(number, line, "has a \"seq\" that is no number");
        }
    }

    private static void require(boolean condition, int number, String line, String problem)
            throws AofManifestException {
        if (!condition) {
            throw new AofManifestException(number, line, problem);
        }
    }
}
