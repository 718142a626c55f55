package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisCluster;
import org.redisbackup.support.RedisSentinel;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Registered instances that are a cluster, and a primary that a Sentinel watches. */
class ClusterTargetTest {
    private static final String CLUSTER = "0d1f2c3b-7a5e-4f60-8b9c-1c2d3e4f5a6b";
    private static final String WATCHED = "3c5b9d7e-1f2a-4b6c-9d8e-0a1b2c3d4e5f";

    private static RedisCluster cluster;
    private static RedisServer primary;
    private static RedisServer replica;
    private static RedisSentinel sentinel;
    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        cluster = RedisCluster.start(RedisServers.embedded(), true);
        primary = RedisServer.start(RedisServers.embedded(), "--repl-diskless-sync-delay", "0");
        replica = RedisServer.start(RedisServers.embedded(), "--replicaof", "127.0.0.1 " + primary.port());
        sentinel = RedisSentinel.start(RedisServers.embedded(), primary);
        service = RunningService.start(Map.of(
                "redisbackup.instances." + CLUSTER + ".url",
                "redis://" + cluster.target().address(),
                "redisbackup.instances." + CLUSTER + ".mode",
                "cluster",
                "redisbackup.instances." + WATCHED + ".url",
                "redis-sentinel://127.0.0.1:" + sentinel.port() + "/" + RedisSentinel.PRIMARY));
    }

    @AfterAll
    static void stop() {
        service.close();
        sentinel.close();
        replica.close();
        primary.close();
        cluster.close();
    }

    private static JsonNode imported(String file, String instance) throws Exception {
        String id = service.create(RunningService.body("test-import", service.bucket(), file, instance, null));
        return service.finished(id);
    }

    @Test
    void importsIntoACluster() throws Exception {
        service.put("ten.rdb", new RdbFile("REDIS0010").strings("key", 3000).bytes());
        assertThat(imported("ten.rdb", CLUSTER).get("status").asText()).isEqualTo("SUCCESS");
        long keys = 0;
        for (RedisServer node : cluster.primaries()) {
            try (Jedis jedis = node.jedis()) {
                assertThat(jedis.dbSize()).isPositive();
                keys += jedis.dbSize();
            }
        }
        assertThat(keys).isEqualTo(3000);
    }

    @Test
    void whatVanishedGoesFromWhereItIs() throws Exception {
        for (RedisServer node : cluster.primaries()) {
            try (Jedis jedis = node.jedis()) {
                jedis.flushAll();
            }
        }
        service.put("nightly.rdb", new RdbFile("REDIS0010").strings("key", 3000).bytes());
        assertThat(imported("nightly.rdb", CLUSTER, "keys")
                        .get("unchanged_keys")
                        .asText())
                .isEqualTo("0");
        service.put("nightly.rdb", new RdbFile("REDIS0010").strings("key", 1000).bytes());
        JsonNode stats = imported("nightly.rdb", CLUSTER, "keys");
        assertThat(stats.get("unchanged_keys").asText()).isEqualTo("1000");
        assertThat(stats.get("deleted_keys").asText()).isEqualTo("2000");
        long keys = 0;
        for (RedisServer node : cluster.primaries()) {
            try (Jedis jedis = node.jedis()) {
                keys += jedis.dbSize();
            }
        }
        assertThat(keys).isEqualTo(1000);
    }

    private static JsonNode imported(String file, String instance, String incremental) throws Exception {
        String body = RunningService.body("test-import", service.bucket(), file, instance, null)
                .replace("full_amount_migration", "incremental_migration")
                .replaceFirst("\\{", "{\"import_options\":{\"incremental\":\"" + incremental + "\"},");
        JsonNode task = service.finished(service.create(body));
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        return service.stats(task.get("task_id").asText());
    }

    @Test
    void failsOnKeysThatAClusterHasNoPlaceFor() throws Exception {
        service.put(
                "databases.rdb",
                new RdbFile("REDIS0010").db(2).strings("key", 10).bytes());
        JsonNode task = imported("databases.rdb", CLUSTER);
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        assertThat(task.get("error_message").asText()).contains("database 2 does not exist on the cluster");
    }

    @Test
    void importsIntoAPrimaryThatIsWatched() throws Exception {
        service.put("watched.rdb", new RdbFile("REDIS0010").strings("key", 3000).bytes());
        assertThat(imported("watched.rdb", WATCHED).get("status").asText()).isEqualTo("SUCCESS");
        try (Jedis jedis = primary.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(3000);
        }
    }

    @Test
    void showsThemAsInstances() throws Exception {
        JsonNode shown = service.get("/instances/" + CLUSTER);
        assertThat(shown.get("cache_mode").asText()).isEqualTo("cluster");
        assertThat(shown.get("status").asText()).isEqualTo("RUNNING");
        assertThat(shown.get("sharding_count").asInt()).isEqualTo(3);
        assertThat(shown.get("replica_count").asInt()).isEqualTo(2);
        JsonNode watched = service.get("/instances/" + WATCHED);
        assertThat(watched.get("cache_mode").asText()).isEqualTo("ha");
        assertThat(watched.get("status").asText()).isEqualTo("RUNNING");
        assertThat(watched.get("engine_version").asText()).isEqualTo("7.0.15");
    }
}
