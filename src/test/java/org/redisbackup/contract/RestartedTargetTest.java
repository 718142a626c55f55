package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.FaultProxy;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.Jedis;

/** Imports whose target restarts in the middle, with all, some or none of its data. */
class RestartedTargetTest {
    private static final int KEYS = 20_000;
    private static final int ENOUGH = 3_000; // to be loaded for a while

    private RunningService service;
    private RedisServer target;
    private FaultProxy slow;

    @BeforeEach
    void start() throws Exception {
        target = RedisServer.start(
                RedisServers.embedded(),
                "--appendonly yes --appendfsync always --key-load-delay 500 --loading-process-events-interval-bytes 1024"
                        .split(" "));
        slow = new FaultProxy(S3Server.server().port());
        slow.limitEach(300_000);
        service = RunningService.start(Map.of(
                "camel.component.aws2-s3.uriEndpointOverride",
                slow.endpoint().toString(),
                "redisbackup.instances." + RunningService.INSTANCE + ".url",
                "redis://127.0.0.1:" + target.port()));
    }

    @AfterEach
    void end() {
        service.close();
        slow.close();
        target.close();
    }

    private String begun(String file, byte[] content) throws Exception {
        service.put(file, content);
        String id = service.create(service.body(file));
        try (Jedis jedis = target.jedis()) {
            Conditions.await(() -> jedis.dbSize() > ENOUGH);
        }
        return id;
    }

    private static byte[] keys() {
        RdbFile file = new RdbFile("REDIS0010").db(0);
        for (int i = 0; i < KEYS; i++) {
            file.string("key" + i, "a value of some length, so that there are several batches " + i);
        }
        return file.bytes();
    }

    /** Each of which changes something when it is executed twice, or not at all. */
    private static byte[] commands() {
        AofFile file = new AofFile();
        for (int i = 0; i < KEYS; i++) {
            file.command("APPEND", "key" + i / 2, "a value of some length, so that there are several batches " + i);
        }
        return file.bytes();
    }

    private void awaitSaid(String id, String words) throws Exception {
        Conditions.await(() -> service.logs(id), lines -> lines.stream().anyMatch(line -> line.contains(words)));
    }

    private JsonNode finished(String id, String status) throws Exception {
        JsonNode task = service.finished(id);
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo(status);
        return service.stats(id);
    }

    @Test
    void goesOnWhenItHasLoadedItsData() throws Exception {
        String id = begun("keys.rdb", keys());
        target.rewriteAppendOnlyFile();
        target.crashAndRecover();
        String paused = Conditions.await(
                () -> service.stats(id).path("paused").asText(), sentence -> sentence.contains("is still loading"));
        awaitSaid(id, paused);
        assertThat(finished(id, "SUCCESS").get("imported_keys").asLong()).isEqualTo(KEYS);
        awaitSaid(id, "restarted, or another server took its place; it holds what was acknowledged last");
        awaitSaid(id, "takes keys again: the import goes on");
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(KEYS);
        }
    }

    @Test
    void commandsAreExecutedOnceEach() throws Exception {
        String id = begun("commands.aof", commands());
        target.crashAndRecover();
        assertThat(finished(id, "SUCCESS").get("commands").asLong()).isEqualTo(KEYS);
        awaitSaid(id, "it holds what was acknowledged last");
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(KEYS / 2);
            for (int i = 0; i < KEYS; i += 2) {
                String value = "a value of some length, so that there are several batches ";
                assertThat(jedis.get("key" + i / 2)).isEqualTo(value + i + value + (i + 1));
            }
        }
    }

    @Test
    void failsWhenSomeKeysAreLost() throws Exception {
        String id = begun("keys.rdb", keys());
        loseSome();
        JsonNode stats = finished(id, "FAILED");
        awaitSaid(id, "and what it had acknowledged is lost, such as the key \"key");
        long imported = stats.get("imported_keys").asLong();
        assertThat(imported + stats.get("failed_keys").asLong())
                .isEqualTo(stats.get("source_dbsize").asLong());
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.dbSize()).isBetween(1L, imported - 1);
        }
    }

    @Test
    void failsWhenSomeCommandsAreLost() throws Exception {
        String id = begun("commands.aof", commands());
        loseSome();
        JsonNode stats = finished(id, "FAILED");
        awaitSaid(id, "and what it had acknowledged is lost, such as the last commands that it had executed");
        assertThat(stats.get("failed_commands").asLong()).isPositive();
    }

    /** It comes back as it was before some of what it has acknowledged. */
    private void loseSome() throws Exception {
        try (Jedis jedis = target.jedis()) {
            jedis.configSet("appendonly", "no");
            long kept = jedis.dbSize();
            Conditions.await(() -> jedis.dbSize() > kept + ENOUGH);
        }
        target.crashAndRecover();
    }
}
