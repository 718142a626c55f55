package org.redisbackup.task;

import java.util.List;
import java.util.regex.Pattern;

/** The buckets that a request may read: names, where {@code *} stands for any characters. */
public final class AllowedBuckets {
    private final List<Pattern> patterns;

    public AllowedBuckets(List<String> patterns) {
        this.patterns = patterns.stream().map(AllowedBuckets::compile).toList();
    }

    public boolean allows(String bucket) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(bucket).matches());
    }

    private static Pattern compile(String glob) {
        return Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
    }
}
