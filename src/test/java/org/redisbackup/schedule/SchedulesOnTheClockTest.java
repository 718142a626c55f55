package org.redisbackup.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.S3Server;
import org.redisbackup.support.SetClock;
import org.redisbackup.task.AllowedBuckets;
import org.redisbackup.task.AllowedTargets;
import org.redisbackup.task.Instance;
import org.redisbackup.task.Instances;
import org.redisbackup.task.PasswordSeal;
import org.redisbackup.task.RunningTasks;
import org.redisbackup.task.StateConnection;
import org.redisbackup.task.Targets;
import org.redisbackup.task.TaskLimits;
import org.redisbackup.task.TaskLogs;
import org.redisbackup.task.TaskService;
import org.redisbackup.task.TaskStore;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPooled;
import software.amazon.awssdk.core.sync.RequestBody;

/** Schedules under a clock that the test sets, in several instances of the service on one state Redis. */
class SchedulesOnTheClockTest {
    private static final String PROJECT = "0123456789abcdef0123456789abcdef";
    private static final String TARGET = "d2c8399f-bdba-43c1-8069-3ff17a1a79d5";

    private final SetClock clock = new SetClock("2026-03-28T00:00:00Z");
    private final String bucket = S3Server.freshBucket();
    private final List<Peer> peers = new ArrayList<>();
    private RedisServer state;
    private Instances instances;

    @BeforeEach
    void start() throws Exception {
        state = RedisServer.start(RedisServers.embedded());
        instances = new Instances(List.of(new Instance(TARGET, "target", state.target(), Set.of("*"), null)));
        put("p/1.rdb", "one");
    }

    @AfterEach
    void end() {
        peers.forEach(Peer::close);
        state.close();
    }

    /** An instance of the service, as far as schedules are concerned. */
    private final class Peer implements AutoCloseable {
        private final JedisPooled connections = StateConnection.open(state.target());
        private final RunningTasks running;
        private final DueSchedules due;
        private final ScheduledImports imports;
        private final EndedImports ended;
        private final ScheduleStore store;
        private final Schedules schedules;
        private final BucketEvents events;

        Peer(Collection<Schedule> configured) {
            store = new ScheduleStore(connections);
            TaskStore taskStore = new TaskStore(connections);
            TaskLogs logs = new TaskLogs(connections);
            PasswordSeal seal = PasswordSeal.with(null);
            running = new RunningTasks(
                    taskStore, logs, new Targets(instances, new AllowedTargets(List.of()), seal), session -> {});
            TaskService tasks = new TaskService(taskStore, logs, running, new TaskLimits(1, 100, 100), seal);
            schedules = new Schedules(configured, store, instances, new AllowedBuckets(List.of("*")), clock);
            events = new BucketEvents(schedules);
            Claims claims = new Claims(store);
            imports = new ScheduledImports(
                    schedules, store, claims, new S3BackupSource(S3Server.client()), instances, tasks, clock);
            due = new DueSchedules(schedules, store, imports, claims, clock);
            ended = new EndedImports(store, tasks);
            peers.add(this);
        }

        /** What the routes do every second. */
        List<RunResult> tick() {
            return due.claim().stream()
                    .map(imports::begin)
                    .map(RunOutcome::result)
                    .toList();
        }

        @Override
        public void close() {
            running.close();
            connections.close();
        }
    }

    private static ScheduleDefinition daily(String bucket) {
        return new ScheduleDefinition(
                "0 30 2 * * ?", "Europe/Berlin", bucket, "p/", null, null, null, TARGET, null, null, null, null, null);
    }

    private Schedule schedule(String missed, String overlap, String method) {
        ScheduleDefinition daily = daily(bucket);
        return new ScheduleDefinition(
                        daily.cron(),
                        daily.timeZone(),
                        daily.bucket(),
                        daily.prefix(),
                        null,
                        null,
                        null,
                        TARGET,
                        method,
                        null,
                        null,
                        missed,
                        overlap)
                .checked(PROJECT, "nightly");
    }

    private Peer peer(Schedule... schedules) {
        return new Peer(List.of(schedules));
    }

    @Test
    void aDailyImportRunsOnceADayThroughSummerTime() throws Exception {
        Peer peer = peer(schedule(null, null, "full_amount_migration"));
        assertThat(peer.tick()).as("nothing is missed before it was there").isEmpty();
        List<String> began = new ArrayList<>();
        for (int minute = 0; minute < 3 * 24 * 60; minute++) {
            clock.advance(Duration.ofMinutes(1));
            if (!peer.tick().isEmpty()) {
                began.add(clock.instant().toString());
                finish("SUCCESS");
            }
        }
        assertThat(began).containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void aRunThatNoServiceSawIsMissed() {
        Schedule schedule = schedule("skip", null, null);
        peer(schedule).tick();
        clock.advance(Duration.ofHours(2));
        Peer later = peer(schedule);
        List<DueRun> due = later.due.claim();
        RunOutcome outcome = later.imports.begin(due.get(0));
        assertThat(outcome.result()).isEqualTo(RunResult.MISSED);
        assertThat(outcome.notice().message()).isEqualTo("missed, because no service ran at 2026-03-28T01:30:00Z");
        assertThat(outcome.notice().planned()).hasToString("2026-03-28T01:30:00Z");
        assertThat(later.tick()).isEmpty();
        assertThat(tasks()).isEmpty();
        clock.advance(Duration.ofDays(5));
        assertThat(later.imports.begin(later.due.claim().get(0)).message())
                .isEqualTo("missed, because no service ran from 2026-03-29T01:30:00Z to 2026-04-02T00:30:00Z");
    }

    @Test
    void whatWasMissedMayRunOnce() {
        Schedule schedule = schedule("run-once", null, null);
        peer(schedule).tick();
        clock.advance(Duration.ofDays(5));
        Peer later = peer(schedule);
        assertThat(later.tick()).containsExactly(RunResult.STARTED);
        assertThat(later.tick()).isEmpty();
        assertThat(tasks()).hasSize(1);
    }

    @Test
    void aRunIsNotMissedForBeingHalfAMinuteLate() {
        Schedule schedule = schedule("skip", null, null);
        peer(schedule).tick();
        clock.advance(Duration.ofMinutes(90).plusSeconds(30));
        assertThat(peer(schedule).tick()).containsExactly(RunResult.STARTED);
    }

    @Test
    void anotherCronExpressionHasNoPast() {
        Schedule nightly = schedule("run-once", null, null);
        peer(nightly).tick();
        clock.advance(Duration.ofDays(1));
        ScheduleDefinition weekly = new ScheduleDefinition(
                "0 0 0 ? * *", null, bucket, "p/", null, null, null, TARGET, null, null, null, "run-once", null);
        assertThat(peer(weekly.checked(PROJECT, "nightly")).tick()).isEmpty();
    }

    @Test
    void aRunDoesNotOverlapTheOneBefore() {
        Peer peer = peer(schedule(null, "forbid", "full_amount_migration"));
        peer.tick();
        clock.advance(Duration.ofMinutes(90));
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
        clock.advance(Duration.ofDays(1));
        RunOutcome outcome = peer.imports.begin(peer.due.claim().get(0));
        assertThat(outcome.result()).isEqualTo(RunResult.OVERLAP);
        assertThat(outcome.notice().message())
                .isEqualTo("skipped, because its last import, or another one into its target, has not finished");
        finish("SUCCESS");
        assertThat(peer.tick()).isEmpty();
        clock.advance(Duration.ofDays(1));
        assertThat(peer.tick()).as("late by the hour that was lost").containsExactly(RunResult.MISSED);
    }

    @Test
    void aRunMayWaitForTheOneBefore() {
        Peer peer = peer(schedule(null, "queue", "full_amount_migration"));
        peer.tick();
        clock.advance(Duration.ofMinutes(90));
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
        clock.advance(Duration.ofDays(1));
        assertThat(peer.tick()).containsExactly(RunResult.QUEUED);
        clock.advance(Duration.ofHours(23));
        assertThat(peer.tick()).as("joins the one that waits").containsExactly(RunResult.QUEUED);
        assertThat(peer.tick()).isEmpty();
        finish("SUCCESS");
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
        finish("SUCCESS");
        assertThat(peer.tick()).isEmpty();
        assertThat(tasks()).hasSize(2);
    }

    @Test
    void aVersionIsImportedOnce() {
        Peer peer = peer(schedule(null, null, "incremental_migration"));
        peer.tick();
        clock.advance(Duration.ofMinutes(90));
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
        finish("FAILED");
        assertThat(peer.ended.settle()).singleElement().satisfies(notice -> {
            assertThat(notice.result()).isEqualTo(RunResult.FAILED);
            assertThat(notice.taskId()).isEqualTo(tasks().get(0));
        });
        assertThat(peer.ended.settle()).as("told once").isEmpty();
        clock.advance(Duration.ofDays(1));
        assertThat(peer.tick()).as("it failed").containsExactly(RunResult.STARTED);
        finish("SUCCESS");
        assertThat(peer.ended.settle()).isEmpty();
        clock.advance(Duration.ofHours(23));
        assertThat(peer.tick()).containsExactly(RunResult.UNCHANGED);
        put("p/1.rdb", "two");
        clock.advance(Duration.ofDays(1));
        assertThat(peer.tick()).as("the same key, another ETag").containsExactly(RunResult.STARTED);
    }

    @Test
    void aFullMigrationImportsAVersionAgain() {
        Peer peer = peer(schedule(null, null, "full_amount_migration"));
        peer.tick();
        for (Duration later : List.of(Duration.ofMinutes(90), Duration.ofDays(1))) {
            clock.advance(later);
            assertThat(peer.tick()).containsExactly(RunResult.STARTED);
            finish("SUCCESS");
            peer.ended.settle();
        }
    }

    @Test
    void allThatIsNewIsImportedAndTheLogSaysWhatIsLeftOut() {
        put("p/2.rdb", "two");
        ScheduleDefinition all = new ScheduleDefinition(
                "0 0 * * * ?", null, bucket, "p/", "*.rdb", "all-new", null, TARGET, null, null, null, null, null);
        Peer peer = peer(all.checked(PROJECT, "hourly"));
        peer.tick();
        clock.advance(Duration.ofHours(1));
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
        finish("SUCCESS");
        peer.ended.settle();
        put("p/3.rdb", "three");
        clock.advance(Duration.ofHours(1));
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
        String task = tasks().get(1);
        withState(redis -> {
            assertThat(redis.hget("redisbackup:task:" + task, "task"))
                    .contains("p/3.rdb")
                    .doesNotContain("p/2.rdb");
            assertThat(redis.lrange("redisbackup:task:" + task + ":log", 0, -1).toString())
                    .contains("Left out: s3://" + bucket + "/p/1.rdb, s3://" + bucket
                            + "/p/2.rdb are unchanged since the last import into this target");
        });
    }

    /** Else the keys of a shard that is the same would pass for vanished. */
    @Test
    void whereKeysAreComparedABackupIsImportedAsAWhole() {
        put("p/2026-03-27-a.rdb", "a");
        put("p/2026-03-27-b.rdb", "b");
        Peer peer =
                peer(comparing("newest-shard-set", 2, "incremental_migration").checked(PROJECT, "hourly"));
        peer.tick();
        clock.advance(Duration.ofHours(1));
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
        finish("SUCCESS");
        peer.ended.settle();
        clock.advance(Duration.ofHours(1));
        assertThat(peer.tick()).containsExactly(RunResult.UNCHANGED);
        put("p/2026-03-27-b.rdb", "another");
        clock.advance(Duration.ofHours(1));
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
        withState(redis -> assertThat(redis.hget("redisbackup:task:" + tasks().get(1), "task"))
                .contains("p/2026-03-27-a.rdb", "p/2026-03-27-b.rdb")
                .contains("\"incremental_series\":\"schedule hourly of s3://" + bucket
                        + "/p/{yyyy-MM-dd}-{shard}.rdb\""));
    }

    @Test
    void keysAreComparedWithOneBackupBefore() {
        assertThatThrownBy(() -> comparing("all-new", null, null).checked(PROJECT, "hourly"))
                .hasMessageContaining("select newest or newest-shard-set");
        assertThatThrownBy(
                        () -> comparing("newest", null, "full_amount_migration").checked(PROJECT, "hourly"))
                .hasMessageContaining("incremental keys goes with the method incremental_migration");
    }

    private ScheduleDefinition comparing(String select, Integer shards, String method) {
        return new ScheduleDefinition(
                "0 0 * * * ?",
                null,
                bucket,
                "p/",
                "{yyyy-MM-dd}-{shard}.rdb",
                select,
                shards,
                TARGET,
                method,
                Map.of("incremental", "keys"),
                null,
                null,
                null);
    }

    private Schedule byEvent(String pattern, String select, Integer shards) {
        return new ScheduleDefinition(
                        "event", null, bucket, "p/", pattern, select, shards, TARGET, null, null, null, null, null)
                .checked(PROJECT, "arrivals");
    }

    private String created(String key) {
        return """
                {"Records": [{"eventName": "ObjectCreated:Put",
                              "s3": {"bucket": {"name": "%s"}, "object": {"key": "%s"}}}]}"""
                .formatted(bucket, key);
    }

    @Test
    void whatArrivesIsImportedOnce() {
        Peer peer = peer(byEvent("*.rdb", null, null));
        peer.tick();
        clock.advance(Duration.ofDays(2));
        assertThat(peer.tick()).as("no time to fire").isEmpty();
        peer.events.arrived(created("p/1.rdb"));
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
        finish("SUCCESS");
        assertThat(peer.tick()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        peer.events.arrived(created("p/1.rdb"));
        assertThat(peer.tick())
                .as("the same event again, before the end was seen")
                .containsExactly(RunResult.UNCHANGED);
        peer.events.arrived(created("p/1.txt"));
        peer.events.arrived(created("q/1.rdb"));
        peer.events.arrived(created("p%2"));
        assertThat(peer.tick()).as("none of its backups").isEmpty();
    }

    @Test
    void whatArrivesWhileARunBeginsIsLookedAtAfterwards() {
        Peer peer = peer(byEvent(null, null, null));
        peer.tick();
        peer.events.arrived(created("p/1.rdb"));
        DueRun due = peer.due.claim().get(0);
        clock.advance(Duration.ofMillis(1));
        peer.events.arrived(created("p/2.rdb"));
        assertThat(peer.imports.begin(due).result()).isEqualTo(RunResult.STARTED);
        assertThat(peer.tick()).as("its target is busy").isEmpty();
        finish("SUCCESS");
        peer.ended.settle();
        put("p/2.rdb", "two");
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
    }

    @Test
    void aShardThatWaitsForOthersIsNoTrouble() {
        put("p/2026-03-28/a.rdb", "a");
        Peer peer = peer(byEvent("{yyyy-MM-dd}/{shard}.rdb", "newest-shard-set", 2));
        peer.tick();
        peer.events.arrived(created("p/2026-03-28/a.rdb"));
        RunOutcome incomplete = peer.imports.begin(peer.due.claim().get(0));
        assertThat(incomplete.result()).isEqualTo(RunResult.NO_BACKUP);
        assertThat(incomplete.notice()).isNull();
        put("p/2026-03-28/b.rdb", "b");
        clock.advance(Duration.ofMillis(1));
        peer.events.arrived(created("p/2026-03-28/b.rdb"));
        assertThat(peer.tick()).containsExactly(RunResult.STARTED);
    }

    @Test
    void whatArrivesDuringAPauseDoesNotCount() {
        Schedule schedule = byEvent(null, null, null);
        Peer peer = peer(schedule);
        peer.tick();
        peer.schedules.pause(schedule);
        peer.events.arrived(created("p/1.rdb"));
        peer.schedules.resume(schedule);
        assertThat(peer.tick()).isEmpty();
    }

    @Test
    void ofTwoInstancesOneRunsIt() {
        Schedule schedule = schedule(null, null, null);
        Peer one = peer(schedule);
        Peer two = peer(schedule);
        one.tick();
        two.tick();
        clock.advance(Duration.ofMinutes(90));
        List<DueRun> first = one.due.claim();
        assertThat(first).hasSize(1);
        assertThat(two.due.claim()).as("claimed").isEmpty();
        one.imports.begin(first.get(0));
        assertThat(two.tick()).as("concluded").isEmpty();
        assertThat(tasks()).hasSize(1);
    }

    @Test
    void aRunWhoseInstanceDiesBeforeItBeginsIsBegunByAnother() {
        Schedule schedule = schedule(null, null, null);
        Peer leader = peer(schedule);
        Peer other = peer(schedule);
        leader.tick();
        clock.advance(Duration.ofMinutes(90));
        assertThat(leader.due.claim()).hasSize(1);
        assertThat(other.tick()).isEmpty();
        forgetSignsOfLife();
        assertThat(other.tick()).containsExactly(RunResult.STARTED);
        assertThat(tasks()).hasSize(1);
    }

    @Test
    void aRunWhoseInstanceDiesBeforeItSaysThatItBeganIsNotBegunTwice() {
        Schedule schedule = schedule(null, null, null);
        Peer leader = peer(schedule);
        Peer other = peer(schedule);
        leader.tick();
        clock.advance(Duration.ofMinutes(90));
        DueRun due = leader.due.claim().get(0);
        withState(redis -> {
            Map<String, String> before = redis.hgetAll("redisbackup:schedule:" + PROJECT + ":nightly");
            leader.imports.begin(due);
            redis.del("redisbackup:schedule:" + PROJECT + ":nightly", "redisbackup:scheduled");
            redis.hset("redisbackup:schedule:" + PROJECT + ":nightly", before);
        });
        clock.advance(Duration.ofHours(1)); // later than what counts as missed
        forgetSignsOfLife();
        assertThat(other.tick()).containsExactly(RunResult.STARTED);
        assertThat(tasks()).hasSize(1);
        assertThat(other.tick()).isEmpty();
        assertThat(leader.imports.begin(due).result())
                .as("one that was only frozen")
                .isEqualTo(RunResult.STARTED);
        assertThat(tasks()).hasSize(1);
    }

    @Test
    void whatIsAskedForRunsAtOnceAndChangesNoTimes() {
        Schedule schedule = schedule(null, null, null);
        Peer peer = peer(schedule);
        peer.tick();
        peer.store.pause(schedule, clock.instant());
        assertThat(peer.imports.runNow(schedule))
                .hasValueSatisfying(outcome -> assertThat(outcome.run()).isNotNull());
        clock.advance(Duration.ofSeconds(1));
        assertThat(peer.imports.runNow(schedule)).hasValueSatisfying(outcome -> {
            assertThat(outcome.result()).isEqualTo(RunResult.OVERLAP);
            assertThat(outcome.notice()).as("whoever asks is answered").isNull();
        });
        finish("SUCCESS");
        clock.advance(Duration.ofMinutes(90));
        assertThat(peer.tick()).as("paused").isEmpty();
        clock.advance(Duration.ofHours(1));
        peer.store.resume(schedule, clock.instant());
        assertThat(peer.tick()).as("not missed").isEmpty();
        clock.advance(Duration.ofHours(23));
        assertThat(peer.tick()).isNotEmpty();
    }

    @Test
    void jitterComesOnTopAndIsTheSameForAllInstances() {
        ScheduleDefinition often = new ScheduleDefinition(
                "0 * * * * ?",
                null,
                bucket,
                "p/",
                null,
                null,
                null,
                TARGET,
                "full_amount_migration",
                null,
                30,
                null,
                null);
        Peer one = peer(often.checked(PROJECT, "often"));
        Peer two = peer(often.checked(PROJECT, "often"));
        one.tick();
        List<Integer> seconds = new ArrayList<>();
        for (int second = 1; second < 600; second++) {
            clock.advance(Duration.ofSeconds(1));
            for (Peer peer : List.of(one, two)) {
                if (!peer.tick().isEmpty()) {
                    seconds.add(second % 60);
                    finish("SUCCESS");
                }
            }
        }
        assertThat(seconds).hasSize(9).allMatch(second -> second <= 30);
        assertThat(seconds.stream().distinct().count()).isGreaterThan(3);
    }

    private void put(String key, String content) {
        S3Server.client().putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(content));
    }

    private void withState(Consumer<Jedis> use) {
        try (Jedis redis = state.jedis()) {
            use.accept(redis);
        }
    }

    /** As if every instance had died. */
    private void forgetSignsOfLife() {
        withState(redis -> redis.del(redis.keys("redisbackup:scheduler:*").toArray(String[]::new)));
    }

    /** Oldest first. */
    private List<String> tasks() {
        List<String> ids = new ArrayList<>();
        withState(redis -> ids.addAll(redis.zrange("redisbackup:project:" + PROJECT + ":tasks", 0, -1)));
        return ids;
    }

    /** Ends the tasks that run, as their instances would. */
    private void finish(String status) {
        withState(redis -> {
            for (String id : redis.smembers("redisbackup:unfinished")) {
                redis.hset("redisbackup:task:" + id, Map.of("status", status, "error", "because"));
            }
            redis.keys("redisbackup:*unfinished").forEach(redis::del);
        });
    }
}
