package org.redisbackup.task;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisbackup.source.S3BackupSource;

/**
 * Where the backups of an instance lie, and which objects make one of them: {@code s3://bucket/prefix/} for every
 * supported object below a prefix, or a pattern of keys, in which {@code *} stands for any characters but a slash.
 * Objects that share what {@code {name}} stands for are one backup, such as the files of a cluster's shards.
 */
public final class BackupLocation {
    private static final String SCHEME = "s3://";
    private static final String NAME = "{name}";
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,62}");

    private final String bucket;
    private final String prefix;
    private final Pattern key;

    private BackupLocation(String bucket, String prefix, Pattern key) {
        this.bucket = bucket;
        this.prefix = prefix;
        this.key = key;
    }

    /** @throws IllegalArgumentException when it is no such location */
    public static BackupLocation parse(String location) {
        String path = location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : "";
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        String pattern = slash < 0 ? "" : path.substring(slash + 1);
        if (!BUCKET.matcher(bucket).matches() || pattern.indexOf(NAME) != pattern.lastIndexOf(NAME)) {
            throw new IllegalArgumentException(
                    "expected s3://bucket/prefix/ or s3://bucket/ and a pattern of keys with * and at most one "
                            + NAME);
        }
        int wild = firstWild(pattern);
        return wild < 0
                ? new BackupLocation(bucket, pattern, null)
                : new BackupLocation(bucket, pattern.substring(0, wild), compile(pattern));
    }

    private static int firstWild(String pattern) {
        int star = pattern.indexOf('*');
        int name = pattern.indexOf(NAME);
        return star < 0 || name < 0 ? Math.max(star, name) : Math.min(star, name);
    }

    private static Pattern compile(String pattern) {
        return Pattern.compile(
                Pattern.quote(pattern).replace("*", "\\E[^/]*\\Q").replace(NAME, "\\E([^/]+)\\Q"));
    }

    String bucket() {
        return bucket;
    }

    /** What the keys of all objects start with. */
    String prefix() {
        return prefix;
    }

    /**
     * What the objects of one backup have in common, which tells it from others: the value of {@code {name}}, else the
     * key. Empty for an object that belongs to no backup.
     */
    Optional<String> recordOf(String object) {
        if (key == null) {
            return S3BackupSource.isSupported(object) ? Optional.of(object) : Optional.empty();
        }
        Matcher match = key.matcher(object);
        if (!match.matches() || object.endsWith("/")) {
            return Optional.empty();
        }
        return Optional.of(match.groupCount() > 0 ? match.group(1) : object);
    }
}
