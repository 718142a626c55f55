package org.redisbackup.aof;

import java.util.ArrayList;
import java.util.List;

/** Splits a line of a manifest as servers do: words between spaces, or between quotes with escapes in them. */
final class ManifestWords {
    private final String line;
    private int position;

    private ManifestWords(String line) {
        this.line = line;
    }

    /** @return null when a quote does not end, or something follows it without a space */
    static List<String> of(String line) {
        ManifestWords words = new ManifestWords(line);
        List<String> found = new ArrayList<>();
        while (words.skipSpace()) {
            String word = words.next();
            if (word == null) {
                return null;
            }
            found.add(word);
        }
        return found;
    }

    private boolean skipSpace() {
        while (position < line.length() && Character.isWhitespace(line.charAt(position))) {
            position++;
        }
        return position < line.length();
    }

    private String next() {
        char first = line.charAt(position);
        if (first == '"' || first == '\'') {
            position++;
            return quoted(first);
        }
        int start = position;
        while (position < line.length() && !Character.isWhitespace(line.charAt(position))) {
            position++;
        }
        return line.substring(start, position);
    }

    private String quoted(char quote) {
        StringBuilder word = new StringBuilder();
        while (position < line.length()) {
            char next = line.charAt(position++);
            if (next == quote) {
                boolean ends = position == line.length() || Character.isWhitespace(line.charAt(position));
                return ends ? word.toString() : null;
            }
            word.append(next == '\\' && position < line.length() ? escaped(quote) : next);
        }
        return null;
    }

    private char escaped(char quote) {
        char next = line.charAt(position++);
        if (quote == '\'') {
            if (next == '\'') {
                return next;
            }
            position--;
            return '\\';
        }
        return switch (next) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            case 'x' -> hex();
            default -> next;
        };
    }

    private char hex() {
        try {
            char value = (char) Integer.parseInt(line, position, position + 2, 16);
            position += 2;
            return value;
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return 'x';
        }
    }
}
