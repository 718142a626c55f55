package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedBucketsTest {
    @Test
    void namesAreTakenWordByWord() {
        AllowedBuckets buckets = new AllowedBuckets(List.of("a.b", "c"));
        assertThat(buckets.allows("a.b")).isTrue();
        assertThat(buckets.allows("c")).isTrue();
        assertThat(buckets.allows("axb")).isFalse();
        assertThat(buckets.allows("cc")).isFalse();
    }

    @Test
    void aStarStandsForAnything() {
        AllowedBuckets buckets = new AllowedBuckets(List.of("backups-*", "*-old"));
        assertThat(buckets.allows("backups-")).isTrue();
        assertThat(buckets.allows("backups-2026")).isTrue();
        assertThat(buckets.allows("very-old")).isTrue();
        assertThat(buckets.allows("my-backups-2026")).isFalse();
    }

    @Test
    void nothingIsAllowedWithoutAPattern() {
        assertThat(new AllowedBuckets(List.of()).allows("any")).isFalse();
    }
}
