package org.redisbackup.redis.rules;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of keys: a glob as the {@code KEYS} command takes it, or a regular expression between slashes, which has to
 * match the whole key.
 *
 * <p>A glob works on bytes: {@code *} stands for any, {@code ?} for one, {@code [a-c]} and {@code [^a-c]} for one of a
 * set, {@code \} takes the meaning from the next. A regular expression sees the key as UTF-8.
 */
public final class KeyPattern {
    private static final int MAX_LENGTH = 1024;

    private final String text;
    private final byte[] glob;
    private final Pattern expression;

    private KeyPattern(String text, byte[] glob, Pattern expression) {
        this.text = text;
        this.glob = glob;
        this.expression = expression;
    }

    /** @throws IllegalArgumentException with one sentence when it is no pattern */
    public static KeyPattern parse(String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a pattern of keys has 1 to " + MAX_LENGTH + " characters");
        }
        if (text.length() < 2 || !text.startsWith("/") || !text.endsWith("/")) {
            return new KeyPattern(text, text.getBytes(StandardCharsets.UTF_8), null);
        }
        try {
            return new KeyPattern(text, null, Pattern.compile(text.substring(1, text.length() - 1), Pattern.DOTALL));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    text + " is no regular expression: " + e.getDescription() + " at character " + (e.getIndex() + 1));
        }
    }

    /** Whether the key in {@code bytes[offset, offset + length)} is of this pattern. */
    public boolean matches(byte[] bytes, int offset, int length) {
        return expression == null
                ? matchesGlob(bytes, offset, offset + length)
                : expression
                        .matcher(new String(bytes, offset, length, StandardCharsets.UTF_8))
                        .matches();
    }

    /** Goes back to the last star at most, so that no pattern takes more than length times length steps. */
    private boolean matchesGlob(byte[] key, int start, int end) {
        int at = start;
        int pattern = 0;
        int starPattern = -1;
        int starAt = 0;
        while (at < end) {
            if (pattern < glob.length && glob[pattern] == '*') {
                starPattern = ++pattern;
                starAt = at;
                continue;
            }
            int next = pattern < glob.length ? matchOne(pattern, key[at]) : -1;
            if (next >= 0) {
                pattern = next;
                at++;
            } else if (starPattern >= 0) {
                pattern = starPattern;
                at = ++starAt;
            } else {
                return false;
            }
        }
        while (pattern < glob.length && glob[pattern] == '*') {
            pattern++;
        }
        return pattern == glob.length;
    }

    /** @return where the pattern goes on when its element at {@code i} stands for this byte, else -1 */
    private int matchOne(int i, byte key) {
        return switch (glob[i]) {
            case '?' -> i + 1;
            case '[' -> matchSet(i + 1, key & 0xff);
            case '\\' -> {
                int literal = Math.min(i + 1, glob.length - 1); // a last one stands for itself
                yield glob[literal] == key ? literal + 1 : -1;
            }
            default -> glob[i] == key ? i + 1 : -1;
        };
    }

    /** A set that is not closed ends with the pattern, as servers have it. */
    private int matchSet(int start, int key) {
        int i = start;
        boolean not = i < glob.length && glob[i] == '^';
        if (not) {
            i++;
        }
        boolean found = false;
        while (i < glob.length && glob[i] != ']') {
            if (glob[i] == '\\' && i + 1 < glob.length) {
                found |= (glob[i + 1] & 0xff) == key;
                i += 2;
            } else if (i + 2 < glob.length && glob[i + 1] == '-') {
                int low = Math.min(glob[i] & 0xff, glob[i + 2] & 0xff);
                int high = Math.max(glob[i] & 0xff, glob[i + 2] & 0xff);
                found |= key >= low && key <= high;
                i += 3;
            } else {
                found |= (glob[i] & 0xff) == key;
                i++;
            }
        }
        return found == not ? -1 : Math.min(i + 1, glob.length);
    }

    /** As it was parsed. */
    @Override
    public String toString() {
        return text;
    }
}
