package org.redisbackup.archive;

import java.util.ArrayList;
import java.util.List;

/**
 * Which files make an append-only file of Redis 7 and later, or Valkey, and in what order: at most one base and any number
 * of increments. A line is {@code file NAME seq NUMBER type b|i|h}, where {@code h} is for what the server no longer needs.
 *
 * @param parts names of the files, to be read in this order
 */
record AofManifest(List<String> parts) {
    /** What is wrong with a manifest: a sentence without its full stop. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        private InvalidException(int line, String problem) {
            super("line " + line + " of the manifest " + problem);
        }
    }

    /**
     * Reads a manifest as servers do: what comes behind {@code type} is ignored, and so are comments.
     *
     * @throws InvalidException when a server would refuse it
     */
    static AofManifest parse(String text) throws InvalidException {
        String base = null;
        List<String> increments = new ArrayList<>();
        long lastSequence = 0;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.startsWith("#")) {
                continue;
            }
            Line file = Line.parse(number, line);
            switch (file.type()) {
                case "b" -> {
                    if (base != null) {
                        throw new InvalidException(number, "names a second base file");
                    }
                    base = file.name();
                }
                case "i" -> {
                    if (file.sequence() <= lastSequence) {
                        throw new InvalidException(number, "has a sequence number that is not larger than the last");
                    }
                    lastSequence = file.sequence();
                    increments.add(file.name());
                }
                case "h" -> {}
                default -> throw new InvalidException(number, "has a type other than b, i and h");
            }
        }
        List<String> parts = new ArrayList<>(increments);
        if (base != null) {
            parts.add(0, base);
        }
        if (parts.isEmpty()) {
            throw new InvalidException(1, "names no file");
        }
        return new AofManifest(List.copyOf(parts));
    }

    private record Line(String name, long sequence, String type) {
        /** Servers quote names with spaces. */
        private static final String QUOTED = "file \"";

        static Line parse(int number, String line) throws InvalidException {
            boolean quoted = line.startsWith(QUOTED);
            int end = quoted ? line.indexOf('"', QUOTED.length()) : -1;
            String plain = end < 0 ? line : "file quoted" + line.substring(end + 1);
            String[] words = plain.trim().split("\\s+");
            if (words.length < 6
                    || !words[0].equals("file")
                    || !words[2].equals("seq")
                    || !words[3].matches("\\d{1,18}")
                    || !words[4].equals("type")) {
                throw new InvalidException(number, "is not \"file NAME seq NUMBER type b|i|h\"");
            }
            String file = end < 0 ? words[1] : line.substring(QUOTED.length(), end);
            if (file.contains("/") || file.contains("\\")) {
                throw new InvalidException(number, "names a path; a file beside the manifest is expected");
            }
            return new Line(file, Long.parseLong(words[3]), words[5]);
        }
    }
}
