package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.redisbackup.aof.AofPart;
import org.redisbackup.aof.AofReader;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.ImportPlace;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.CuttingProxy;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Commands whose answers are lost: each is executed once all the same. */
class ReplayMarkTest {
    private static final int COMMANDS = 2000;
    private static final String IMPORT = "task:file";

    private static AofReader reader(AofFile file) {
        return new AofReader(
                List.of(new AofPart(null, () -> new ByteArrayInputStream(file.bytes()))),
                Imports.LIMITS,
                100,
                1 << 20,
                0,
                ValueCheck.NONE);
    }

    private static RestoreResult replay(KeyPipeline pipeline, AofFile file) throws Exception {
        RestoreResult sum = RestoreResult.NONE;
        long before = 0;
        try (AofReader reader = reader(file)) {
            while (reader.hasNext()) {
                CommandBatch batch = (CommandBatch) reader.next();
                batch.standsAt(new ImportPlace(IMPORT, before, false));
                before += batch.pieces();
                sum = sum.plus(Imports.await(pipeline.deliver(batch)));
            }
        }
        return sum;
    }

    private static AofFile counting() {
        AofFile file = new AofFile();
        for (int i = 0; i < COMMANDS; i++) {
            if (i % 300 == 0) {
                file.command("SELECT", Integer.toString(i / 300));
            }
            file.command("INCR", "counter").command("RPUSH", "list", Integer.toString(i));
        }
        return file;
    }

    private static void assertExecutedOnce(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            long counted = 0;
            long pushed = 0;
            for (int db = 0; db <= COMMANDS / 300; db++) {
                jedis.select(db);
                counted += Long.parseLong(jedis.get("counter"));
                pushed += jedis.llen("list");
            }
            assertThat(List.of(counted, pushed)).containsExactly((long) COMMANDS, (long) COMMANDS);
        }
    }

    @Test
    void executesNoCommandTwiceWhenConnectionsBreak() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
        }
        try (CuttingProxy proxy =
                        new CuttingProxy(URI.create("http://127.0.0.1:" + server.port())).endAfter(15_000, 40, 9_000);
                KeyPipeline pipeline =
                        KeyPipeline.to(new Target("127.0.0.1", proxy.endpoint().getPort(), null, null, false), 5000)) {
            assertThat(replay(pipeline, counting()).commands()).isEqualTo(2 * COMMANDS);
            assertThat(proxy.connections()).isGreaterThan(3);
        }
        assertExecutedOnce(server);
    }

    @Test
    void executesNothingAgainThatAnEarlierRunDid() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
        }
        for (int run = 0; run < 2; run++) {
            try (KeyPipeline pipeline = KeyPipeline.to(server.target(), 5000)) {
                assertThat(replay(pipeline, counting()).commands()).isEqualTo(2 * COMMANDS);
            }
        }
        assertExecutedOnce(server);
        ReplayMark.delete(server.target(), List.of(IMPORT), 5000);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.keys("redis-backup-import:*")).isEmpty();
        }
    }

    @Test
    void aCommandThatCanNotBeTakenFailsAlone() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        try (Jedis jedis = server.jedis();
                KeyPipeline pipeline = KeyPipeline.to(server.target(), 5000)) {
            jedis.flushAll();
            RestoreResult result = replay(
                    pipeline,
                    new AofFile()
                            .command("SELECT", "2")
                            .command("SET", "a", "1")
                            .command("NOSUCHCOMMAND", "x")
                            .command("LPUSH", "a", "1")
                            .command("SET", "b", "2"));
            assertThat(List.of(result.commands(), result.failedCommands())).containsExactly(2L, 2L);
            jedis.select(2);
            assertThat(jedis.mget("a", "b")).containsExactly("1", "2");
        }
    }
}
