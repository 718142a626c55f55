package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.AofCorpus;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.LoadedCorpus;
import org.redisbackup.support.Packing;
import org.redisbackup.support.Packing.Compression;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;

/** Compressed backups and archives through the whole service into every server. */
class ArchiveImportTest {
    private static final String PACKED = "types-redis-7.0.15.rdb";
    private static final Path ARCHIVES = Path.of("src/test/resources/corpus/archives");
    /** Redis 5.0 recorded an empty stream in a way that nobody can replay. */
    private static final String REFUSED_IN_PART = "redis-5.0.14-plain";

    private static final Map<RedisServers.Program, String> INSTANCES = new LinkedHashMap<>();
    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> properties = new HashMap<>();
        for (RedisServers.Program program : RedisServers.all()) {
            String id = UUID.randomUUID().toString();
            INSTANCES.put(program, id);
            properties.put(
                    "redisbackup.instances." + id + ".url",
                    "redis://127.0.0.1:" + RedisServers.shared(program).port());
        }
        service = RunningService.start(properties);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Objects, and the file of the corpus that each holds. */
    private static Map<String, Object[]> objects() throws IOException {
        Map<String, Object[]> objects = new LinkedHashMap<>();
        for (String name : List.of(
                "types-redis-7.0.15.rdb.gz",
                "types-valkey-9.1.2.rdb.gz",
                "types-redis-8.0.6.two-gzip-members.rdb.gz",
                "types-redis-8.0.6.zip",
                "types-redis-6.2.16.tar.gz")) {
            byte[] content = Files.readAllBytes(ARCHIVES.resolve(name));
            objects.put(name, new Object[] {content, name.replaceFirst("(types-\\w+-\\d\\.\\d\\.\\d+).*", "$1.rdb")});
        }
        byte[] dump = Corpus.bytes(PACKED);
        for (Compression compression : Compression.values()) {
            objects.put("dump.rdb." + compression.ending(), new Object[] {compression.of(dump), PACKED});
            byte[] tar = Packing.tar(Packing.files("data/dump.rdb", dump));
            objects.put("data.tar." + compression.ending(), new Object[] {compression.of(tar), PACKED});
        }
        Map<String, byte[]> files = Packing.files("dump.rdb", dump);
        objects.put("data.tar", new Object[] {Packing.tar(files), PACKED});
        objects.put(
                "stored-64.zip", new Object[] {Packing.zip(files, ZipArchiveEntry.STORED, Zip64Mode.Always), PACKED});
        return objects;
    }

    static Stream<Arguments> objectsAndServers() throws IOException {
        Map<String, Object[]> objects = objects();
        return RedisServers.all().stream().flatMap(program -> objects.entrySet().stream()
                .map(object -> Arguments.of(object.getKey(), object.getValue()[1], program, object.getValue()[0])));
    }

    @ParameterizedTest(name = "{0} into {2}")
    @MethodSource("objectsAndServers")
    void arrivesAsIfLoaded(String key, String holds, RedisServers.Program program, byte[] object) throws Exception {
        RedisServer target = RedisServers.shared(program);
        service.put(key, object);
        String id = service.create(
                RunningService.body("archive-import", service.bucket(), key, INSTANCES.get(program), null));
        JsonNode task = service.finished(id);
        long unknown = LoadedCorpus.unknownKeys(holds, program);
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo(unknown == 0 ? "SUCCESS" : "FAILED");
        JsonNode stats = service.stats(id);
        assertThat(stats.get("source_dbsize").asText())
                .isEqualTo(Corpus.parsed(holds).get("keys").asText());
        assertThat(stats.get("unsupported_keys").asText()).isEqualTo(Long.toString(unknown));
        assertThat(stats.get("total_bytes").asLong()).isEqualTo(object.length);
        if (unknown == 0) {
            assertThat(stats.get("read_bytes").asLong()).isEqualTo(object.length);
            try (Jedis jedis = target.jedis()) {
                LoadedCorpus.assertHolds(holds, program, jedis);
            }
        }
    }

    @Test
    void aLargeValueIsStreamedOutOfTheArchive() throws Exception {
        try (Jedis target = service.target()) {
            target.flushAll();
            service.put("big.rdb.gz", Files.readAllBytes(ARCHIVES.resolve("bigstring-20m-raw-redis-7.0.15.rdb.gz")));
            assertThat(imported("big.rdb.gz").get("status").asText()).isEqualTo("SUCCESS");
            assertThat(target.keys("*").stream().mapToLong(target::strlen).max())
                    .hasValue(20_972_525);
        }
    }

    @Test
    void allDumpsOfAnArchiveAreOneFileOfTheTask() throws Exception {
        try (Jedis target = service.target()) {
            target.flushAll();
            service.put("several/two.zip", Files.readAllBytes(ARCHIVES.resolve("two-dumps.zip")));
            service.put("several/notes.txt", new byte[10]);
            String id = service.create(service.body("several/"));
            assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
            long keys = Corpus.parsed("lru-redis-7.0.15.rdb").get("keys").asLong()
                    + Corpus.parsed("lfu-redis-7.0.15.rdb").get("keys").asLong();
            assertThat(service.stats(id).get("source_dbsize").asLong()).isEqualTo(keys);
            assertThat(service.logs(id)).anyMatch(line -> line.startsWith("1 file(s) with 871 bytes found"));
        }
    }

    @Test
    void whatIsPassedOverIsInTheLog() throws Exception {
        service.put(
                "slip.tar.gz", Files.readAllBytes(Path.of("src/test/resources/corpus/bad/tar-slip-symlink.tar.gz")));
        String id = service.create(service.body("slip.tar.gz"));
        assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
        assertThat(service.logs(id))
                .contains("s3://" + service.bucket()
                        + "/slip.tar.gz: dump.rdb is a link or a device, not a file, and was skipped");
    }

    @Test
    void aPlaceInAnArchiveNamesTheEntry() throws Exception {
        byte[] broken = new RdbFile("REDIS0010").db(0).strings("k", 3).bytes();
        broken[11] = 8;
        service.put("broken.tar", Packing.tar(Packing.files("a.rdb", Corpus.bytes(PACKED), "d/b.rdb", broken)));
        JsonNode task = imported("broken.tar");
        assertThat(task.get("error_message").asText())
                .startsWith("s3://" + service.bucket() + "/broken.tar!d/b.rdb: 8 is neither a value type nor an opcode")
                .contains(" (at byte 11 of the dump) (131 keys read: ");
        service.put("broken.rdb.gz", Compression.GZ.of(broken));
        assertThat(imported("broken.rdb.gz").get("error_message").asText())
                .startsWith("s3://" + service.bucket() + "/broken.rdb.gz: 8 is neither")
                .contains(" (at byte 11 of the dump)");
    }

    @Test
    void aKeyThatFailsNamesTheEntry() throws Exception {
        byte[] unknown = new RdbFile("REDIS0010").db(9999).string("k", "v").bytes();
        service.put("keys.zip", Packing.zip(Packing.files("d/b.rdb", unknown)));
        assertThat(imported("keys.zip").get("error_message").asText())
                .startsWith("s3://" + service.bucket()
                        + "/keys.zip!d/b.rdb: string \"k\" of database 9999 (at byte 15 of the dump)"
                        + " was not imported: ");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("gz-200mb-one-value.rdb.gz", "it unpacks to more than 500 times its size"),
                Arguments.of("gz-truncated.rdb.gz", "its gzip data is cut off"),
                Arguments.of("gz-bad-crc.rdb.gz", "its gzip data is damaged"),
                Arguments.of("gz-in-gz.rdb.gz", "it is compressed twice, with gzip inside gzip"),
                Arguments.of("zip-no-dump.zip", "it is an archive without any dump"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedByName(String file, String problem) throws Exception {
        service.put(file, Files.readAllBytes(Path.of("src/test/resources/corpus/bad", file)));
        JsonNode task = imported(file);
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        assertThat(task.get("error_message").asText())
                .startsWith("s3://" + service.bucket() + "/" + file + ": " + problem);
    }

    static Stream<Arguments> appendOnlyBackups() {
        return RedisServers.all().stream().flatMap(program -> AofCorpus.names().stream()
                .filter(backup -> AofCorpus.isKnown(backup, program))
                .map(backup -> Arguments.of(backup, program)));
    }

    @ParameterizedTest
    @MethodSource("appendOnlyBackups")
    void appendOnlyFilesArriveAsIfLoaded(String backup, RedisServers.Program program) throws Exception {
        Map<String, byte[]> files = AofCorpus.files(backup);
        assertHolds(backup, program, backup + ".tar.gz", Compression.GZ.of(Packing.tar(files)));
        if (files.size() == 1) {
            byte[] file = files.values().iterator().next();
            assertHolds(backup, program, backup + ".aof", file);
            assertHolds(backup, program, backup + ".aof.gz", Compression.GZ.of(file));
        } else {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                service.put(backup + "/" + file.getKey(), file.getValue());
            }
            service.put(backup + "/appendonlydir/temp.rdb.txt", new byte[] {1});
            assertImports(backup, program, backup + "/");
            assertImports(backup, program, backup + "/appendonlydir/appendonly.aof.manifest");
        }
    }

    @Test
    void theAppendOnlyFileThatAServerPackedArrives() throws Exception {
        for (RedisServers.Program program : RedisServers.all()) {
            if (AofCorpus.isKnown("redis-7.0.15-preamble", program)) {
                byte[] archive = Files.readAllBytes(ARCHIVES.resolve("aof-multipart-redis-7.0.15.tar.gz"));
                assertHolds("redis-7.0.15-preamble", program, "aof-multipart.tar.gz", archive);
            }
        }
    }

    private static void assertHolds(String backup, RedisServers.Program program, String key, byte[] object)
            throws Exception {
        service.put(key, object);
        JsonNode stats = assertImports(backup, program, key);
        assertThat(stats.get("read_bytes").asLong()).isEqualTo(object.length);
    }

    private static JsonNode assertImports(String backup, RedisServers.Program program, String key) throws Exception {
        RedisServer target = RedisServers.shared(program);
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
            String id = service.create(
                    RunningService.body("append-only-import", service.bucket(), key, INSTANCES.get(program), null));
            JsonNode task = service.finished(id);
            assertThat(task.get("status").asText())
                    .as(task.toString())
                    .isEqualTo(backup.equals(REFUSED_IN_PART) ? "FAILED" : "SUCCESS");
            assertThat(digest(jedis)).isEqualTo(AofCorpus.digest(backup, program.name() + "-" + program.version()));
            JsonNode stats = service.stats(id);
            assertThat(stats.get("read_bytes")).isEqualTo(stats.get("total_bytes"));
            return stats;
        }
    }

    private static String digest(Jedis jedis) {
        return SafeEncoder.encode((byte[]) jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), "DIGEST"));
    }

    @Test
    void aCommandThatFailsNamesTheEntry() throws Exception {
        byte[] commands =
                new AofFile().command("SET", "a", "1").command("NOSUCHCMD", "x").bytes();
        service.put("commands.zip", Packing.zip(Packing.files("d/b.aof", commands)));
        assertThat(imported("commands.zip").get("error_message").asText())
                .startsWith("s3://" + service.bucket()
                        + "/commands.zip!d/b.aof: command NOSUCHCMD \"x\" of database 0 (at byte 27 of the dump)"
                        + " was not executed: ");
    }

    private static JsonNode imported(String key) throws Exception {
        return service.finished(service.create(service.body(key)));
    }
}
