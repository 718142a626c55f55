package org.redisbackup.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.BackupListing;
import org.redisbackup.source.NoBackupException;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.SourceException;

/**
 * Which backups of a bucket a schedule imports. The order of backups is that of the dates in their names or, when these
 * tell none, of the times when they were stored.
 *
 * @param prefix of the keys
 * @param pattern of what follows the prefix, or null for all names that {@link S3BackupSource#isSupported promise one}
 * @param shards files that make a backup, for {@link Selection#NEWEST_SHARD_SET}; else 0
 */
record BackupChoice(String bucket, String prefix, KeyPattern pattern, Selection selection, int shards) {
    /** A name may be ahead of our clock by a time zone; what claims to come from later would stay the newest for long. */
    private static final Duration FUTURE = Duration.ofDays(1);

    private static final Comparator<Candidate> OLDEST_FIRST = Comparator.comparing(
                    (Candidate each) -> each.match().date(), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(each -> each.file().lastModified())
            .thenComparing(each -> each.file().key());

    private record Candidate(BackupFile file, KeyPattern.Match match) {
        /** What the files of its backup have in common. */
        String set() {
            return Stream.of(
                            match.set(),
                            match.date() == null ? "" : match.date().toString())
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(" of "));
        }
    }

    /**
     * What was chosen.
     *
     * @param files oldest first
     * @param remarks a sentence each on what was passed over
     */
    record Chosen(List<BackupFile> files, List<String> remarks) {}

    /**
     * Looks into the bucket.
     *
     * @param now names that claim to be of a much later time are no backups
     * @throws NoBackupException when there is none to choose from
     * @throws SourceException when the bucket can't be listed
     */
    Chosen choose(S3BackupSource source, Instant now) throws SourceException {
        List<String> remarks = new ArrayList<>();
        List<Candidate> candidates =
                pattern == null ? supported(new BackupListing(source), remarks::add) : matching(source, now);
        if (candidates.isEmpty()) {
            throw new NoBackupException("There is no backup under " + place()
                    + (pattern == null ? "" : ": no key is of the pattern, with a date that has come"));
        }
        List<BackupFile> oldestFirst = candidates.stream().map(Candidate::file).toList();
        return switch (selection) {
            case NEWEST -> new Chosen(oldestFirst.subList(oldestFirst.size() - 1, oldestFirst.size()), remarks);
            case ALL_NEW -> new Chosen(oldestFirst, remarks);
            case NEWEST_SHARD_SET -> newestSet(candidates);
        };
    }

    /** Whether an object could be one of the backups, going by its key. */
    boolean mayTake(String itsBucket, String key) {
        return itsBucket.equals(bucket)
                && key.startsWith(prefix)
                && (pattern == null
                        ? S3BackupSource.isSupported(key)
                        : match(key).isPresent());
    }

    private List<Candidate> supported(BackupListing listing, Consumer<String> remarks) throws SourceException {
        return listing.list(bucket, prefix, remarks).stream()
                .map(file -> new Candidate(file, new KeyPattern.Match("", "", null)))
                .sorted(OLDEST_FIRST)
                .toList();
    }

    private List<Candidate> matching(S3BackupSource source, Instant now) throws SourceException {
        LocalDateTime latest = LocalDateTime.ofInstant(now.plus(FUTURE), ZoneOffset.UTC);
        return source.objects(bucket, prefix, Long.MAX_VALUE, key -> match(key).isPresent()).stream()
                .map(file -> new Candidate(file, match(file.key()).orElseThrow()))
                .filter(each ->
                        each.match().date() == null || !each.match().date().isAfter(latest))
                .sorted(OLDEST_FIRST)
                .toList();
    }

    private Optional<KeyPattern.Match> match(String key) {
        return key.endsWith("/") ? Optional.empty() : pattern.match(key.substring(prefix.length()));
    }

    private Chosen newestSet(List<Candidate> candidates) throws NoBackupException {
        Map<String, List<Candidate>> bySet =
                candidates.stream().collect(Collectors.groupingBy(Candidate::set, TreeMap::new, Collectors.toList()));
        List<List<Candidate>> newestFirst = bySet.values().stream()
                .sorted(Comparator.comparing((List<Candidate> set) -> set.get(set.size() - 1), OLDEST_FIRST)
                        .reversed())
                .toList();
        List<List<Candidate>> incomplete =
                newestFirst.stream().takeWhile(set -> !isComplete(set)).toList();
        String remark = incomplete.stream().map(this::missing).collect(Collectors.joining("; "));
        if (incomplete.size() == newestFirst.size()) {
            throw new NoBackupException("No backup under " + place() + " has its " + shards + " files: " + remark);
        }
        return new Chosen(
                newestFirst.get(incomplete.size()).stream().map(Candidate::file).toList(),
                remark.isEmpty() ? List.of() : List.of("Passed over: " + remark));
    }

    /** As many files as there are shards, each of another one. */
    private boolean isComplete(List<Candidate> set) {
        return set.size() == shards && shardsOf(set).distinct().count() == shards;
    }

    private static Stream<String> shardsOf(List<Candidate> set) {
        return set.stream()
                .map(each -> each.match().shard().isEmpty()
                        ? each.file().key()
                        : each.match().shard());
    }

    private String missing(List<Candidate> set) {
        return "set " + set.get(0).set() + " has " + shardsOf(set).distinct().count() + " of " + shards + " shards in "
                + set.size() + " file(s)";
    }

    private String place() {
        return "s3://" + bucket + "/" + prefix;
    }
}
