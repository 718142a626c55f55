package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.JedisPooled;

/** Two instances of the service may want to create the same task of a schedule. */
class TaskExistsTest {
    @Test
    void anIdIsTakenOnce() throws Exception {
        try (RedisServer state = RedisServer.start(RedisServers.embedded());
                JedisPooled redis = StateConnection.open(state.target())) {
            TaskStore store = new TaskStore(redis);
            ImportTask task = ImportTask.create(
                    "0123456789abcdef0123456789abcdef",
                    "nightly",
                    null,
                    "full_amount_migration",
                    null,
                    RequestedBackup.ofFiles("bucket", List.of(new RequestedFile("a.rdb", null, null))),
                    null,
                    null,
                    null,
                    ImportOptions.STANDARD);
            store.add(task, "host:6379", "one", null, TaskLimits.STANDARD);
            assertThatThrownBy(() -> store.add(task, "host:6379", "two", null, TaskLimits.STANDARD))
                    .isInstanceOf(TaskExistsException.class);
            assertThat(store.unfinished()).containsEntry(task.id(), "one");
        }
    }
}
