package org.redisbackup.task;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Forgets finished tasks, with their logs, that are old or of which a project has too many. */
public final class TaskRetention {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRetention.class);

    /** Tasks that are looked at, or forgotten, at once. */
    private static final int PAGE = 500;

    private final UnifiedJedis redis;
    private final TaskStore store;
    private final Duration age;
    private final int count;
    private final InstantSource clock;

    /**
     * @param redis the state
     * @param age that a task may reach after its end, or null for any
     * @param count tasks of a project that are kept, 0 for all; those that have not finished are kept in any case
     */
    public TaskRetention(UnifiedJedis redis, TaskStore store, Duration age, int count, InstantSource clock) {
        this.redis = redis;
        this.store = store;
        this.age = age;
        this.count = count;
        this.clock = clock;
    }

    /** To be called now and then, by any instance of the service. */
    public void apply() {
        if (age != null || count > 0) {
            projects().forEach(this::apply);
        }
    }

    private Set<String> projects() {
        String before = StateKeys.tasks("*").split("\\*")[0];
        String after = StateKeys.tasks("*").split("\\*")[1];
        ScanParams pattern = new ScanParams().match(StateKeys.tasks("*")).count(PAGE);
        Set<String> projects = new HashSet<>();
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> page = redis.scan(cursor, pattern);
            page.getResult()
                    .forEach(key -> projects.add(key.substring(before.length(), key.length() - after.length())));
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return projects;
    }

    private void apply(String project) {
        List<String> oldestFirst = redis.zrange(StateKeys.tasks(project), 0, -1);
        int surplus = count == 0 ? 0 : Math.max(0, oldestFirst.size() - count);
        int forgotten = 0;
        for (int from = 0; from < oldestFirst.size(); from += PAGE) {
            List<String> page = oldestFirst.subList(from, Math.min(from + PAGE, oldestFirst.size()));
            List<String> goners = goners(page, surplus - from);
            if (!goners.isEmpty() && store.delete(project, goners)) {
                forgotten += goners.size();
            }
        }
        if (forgotten > 0) {
            LOG.info("{} finished task(s) of project {} are forgotten", forgotten, project);
        }
    }

    /** @param surplus how many of the page's first tasks are too many */
    private List<String> goners(List<String> page, int surplus) {
        List<Response<List<String>>> ends = new ArrayList<>();
        try (AbstractPipeline pipeline = redis.pipelined()) {
            page.forEach(id -> ends.add(pipeline.hmget(StateKeys.task(id), "released", "status")));
        }
        List<String> goners = new ArrayList<>();
        for (int i = 0; i < page.size(); i++) {
            String released = ends.get(i).get().get(0);
            String status = ends.get(i).get().get(1);
            boolean finished = released != null
                    && status != null
                    && TaskStatus.valueOf(status).isFinished();
            if (finished && (i < surplus || isOld(Instant.parse(released)))) {
                goners.add(page.get(i));
            }
        }
        return goners;
    }

    private boolean isOld(Instant released) {
        return age != null && released.plus(age).isBefore(clock.instant());
    }
}
