package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.SetClock;
import redis.clients.jedis.JedisPooled;

class TaskRetentionTest {
    private static final String ONE = "0123456789abcdef0123456789abcdef";
    private static final String OTHER = "fedcba9876543210fedcba9876543210";
    private static final Instant START = Instant.parse("2026-11-25T00:00:00Z");

    private final SetClock clock = new SetClock(START.toString());
    private RedisServer state;
    private JedisPooled redis;
    private TaskStore store;

    @BeforeEach
    void start() throws Exception {
        state = RedisServer.start(RedisServers.embedded());
        redis = StateConnection.open(state.target());
        store = new TaskStore(redis);
    }

    @AfterEach
    void end() {
        redis.close();
        state.close();
    }

    @Test
    void oldTasksGoOthersStay() {
        String old = finished(ONE);
        String running = add(ONE);
        String ofAnother = finished(OTHER);
        clock.advance(Duration.ofDays(2));
        String young = finished(ONE);
        clock.advance(Duration.ofDays(1).minusSeconds(1));
        retention(Duration.ofDays(3), 0).apply();
        assertThat(tasks(ONE)).containsExactly(old, running, young);
        clock.advance(Duration.ofSeconds(2));
        retention(Duration.ofDays(3), 0).apply();
        assertThat(tasks(ONE)).containsExactly(running, young);
        assertThat(tasks(OTHER)).doesNotContain(ofAnother);
        assertThat(redis.keys("redisbackup:task:" + old + "*")).isEmpty();
    }

    @Test
    void aProjectKeepsAsManyAsItMay() {
        List<String> all = new ArrayList<>();
        String running = add(ONE);
        for (int i = 0; i < 600; i++) {
            all.add(finished(ONE));
        }
        String ofAnother = finished(OTHER);
        retention(null, 10).apply();
        List<String> kept = new ArrayList<>(List.of(running));
        kept.addAll(all.subList(590, 600));
        assertThat(tasks(ONE)).isEqualTo(kept);
        assertThat(tasks(OTHER)).containsExactly(ofAnother);
    }

    @Test
    void allAreKeptUnlessSomebodySaysOtherwise() {
        finished(ONE);
        clock.advance(Duration.ofDays(10_000));
        retention(null, 0).apply();
        assertThat(tasks(ONE)).hasSize(1);
    }

    private TaskRetention retention(Duration age, int count) {
        return new TaskRetention(redis, store, age, count, clock);
    }

    private String add(String project) {
        ImportTask task = ImportTask.create(
                project,
                "name",
                null,
                "full_amount_migration",
                null,
                RequestedBackup.ofFiles("bucket", List.of(new RequestedFile("a.rdb", null, null))),
                null,
                null,
                null,
                ImportOptions.STANDARD);
        store.add(task, "host:6379", "owner", null, new TaskLimits(1000, 1000, 10_000));
        return task.id();
    }

    private String finished(String project) {
        String id = add(project);
        assertThat(store.finish(
                        id,
                        "owner",
                        TaskStatus.SUCCESS,
                        TaskLog.of(TaskEvent.SUCCEEDED, "ended"),
                        null,
                        clock.instant()))
                .isPresent();
        return id;
    }

    private List<String> tasks(String project) {
        return redis.zrange(StateKeys.tasks(project), 0, -1);
    }
}
