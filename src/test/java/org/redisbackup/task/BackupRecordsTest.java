package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.redisbackup.redis.Target;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.S3Links;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.JedisPooled;
import software.amazon.awssdk.core.sync.RequestBody;

class BackupRecordsTest {
    private static final String PROJECT = "0123456789abcdef0123456789abcdef";

    private RedisServer state;
    private JedisPooled connections;
    private final S3Links links = new S3Links(S3Server.client(), true);
    private final String bucket = S3Server.freshBucket();

    @BeforeEach
    void start() throws IOException {
        state = RedisServer.start(RedisServers.embedded());
        connections = new JedisPooled("127.0.0.1", state.port());
    }

    @AfterEach
    void end() {
        links.close();
        connections.close();
        state.close();
    }

    @Test
    void anInstanceWhoseBackupsCannotBeListedHidesNoOther() throws Exception {
        S3Server.client().putObject(put -> put.bucket(bucket).key("a.rdb"), RequestBody.fromString("REDIS"));
        Instance broken = instance("a-broken", "s3://bucket-that-is-not-there/");
        Instance whole = instance("b-whole", "s3://" + bucket + "/");
        BackupRecords backups = backups(List.of(broken, whole));
        BackupRecord backup = backups.of(whole).get(0);
        assertThat(backups.find(PROJECT, backup.id())).map(BackupRecord::keys).contains(List.of("a.rdb"));
        assertThatThrownBy(() -> backups.find(PROJECT, UUID.randomUUID().toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bucket-that-is-not-there");
    }

    @Test
    void aBackupWhoseObjectChangesIsAnotherOne() throws Exception {
        Instance instance = instance("one", "s3://" + bucket + "/");
        BackupRecords backups = backups(List.of(instance));
        S3Server.client().putObject(put -> put.bucket(bucket).key("a.rdb"), RequestBody.fromString("one"));
        BackupRecord first = backups.of(instance).get(0);
        backups.forget(first);
        assertThat(backups.of(instance)).isEmpty();
        S3Server.client().putObject(put -> put.bucket(bucket).key("a.rdb"), RequestBody.fromString("two"));
        assertThat(backups.of(instance)).singleElement().satisfies(second -> assertThat(second.id())
                .isNotEqualTo(first.id()));
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bb/nightly/, nightly/a.rdb, nightly/a.rdb",
        "s3://bb/nightly/, nightly/a.txt,",
        "s3://bb/nightly/*.dump, nightly/a.dump, nightly/a.dump",
        "s3://bb/nightly/*.dump, nightly/x/a.dump,",
        "s3://bb/{name}/*.rdb, monday/1.rdb, monday",
        "s3://bb/{name}/*.rdb, a/b/1.rdb,",
        "s3://bb/x-{name}-y/shard-*.rdb, x-1-y/shard-2.rdb, 1",
        "s3://bb/{name}.rdb, .rdb,",
        "s3://bb/a.(b)/{name}, a.(b)/c, c",
        "s3://bb/a.(b)/{name}, aX(b)/c,"
    })
    void patternsTellWhichObjectsAreOneBackup(String location, String key, String record) {
        assertThat(BackupLocation.parse(location).recordOf(key)).isEqualTo(Optional.ofNullable(record));
    }

    private BackupRecords backups(List<Instance> instances) {
        return new BackupRecords(new S3BackupSource(S3Server.client()), links, new Instances(instances), connections);
    }

    private static Instance instance(String name, String location) {
        return new Instance(
                UUID.randomUUID().toString(),
                name,
                Target.parse("redis://127.0.0.1:1"),
                Set.of("*"),
                BackupLocation.parse(location));
    }
}
