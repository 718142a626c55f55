package org.redisbackup.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.CuttingProxy;
import org.redisbackup.support.Packing;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What did not reach the target is written down, and a task that retries it imports that and nothing else. */
class LedgerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEPT = "{\"conflict_policy\":\"fail\",\"ledger\":{}}";

    private final RunningService service = RunningService.shared();

    private static String with(String options, String body) {
        return "{\"import_options\":" + options + "," + body.substring(1);
    }

    private JsonNode imported(String file, String options) throws Exception {
        return service.finished(service.create(with(options, service.body(file))));
    }

    private static String retryBody(String task, String options) {
        return """
                {"task_name":"test-retry","migration_type":"backupfile_import","migration_method":"full_amount_migration",\
                "target_instance":{"id":"%s"},"import_options":{"retry_of":"%s"%s}}"""
                .formatted(RunningService.INSTANCE, task, options);
    }

    private JsonNode retried(JsonNode task, String options) throws Exception {
        return service.finished(service.create(retryBody(id(task), options)));
    }

    private static String id(JsonNode task) {
        return task.get("task_id").asText();
    }

    private JsonNode stats(JsonNode task) throws Exception {
        return service.stats(id(task));
    }

    private static JsonNode index(RunningService service, String task) throws Exception {
        JsonNode ledger = service.ledger(task).get("ledger");
        assertThat(ledger.get("complete").asBoolean()).as(ledger.toString()).isTrue();
        assertThat(ledger.get("bucket_name").asText()).isEqualTo(service.bucket());
        return JSON.readTree(service.object(ledger.get("object").asText()));
    }

    /** What all the objects say that the index names. */
    private static List<JsonNode> lines(RunningService service, String task) throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (JsonNode file : index(service, task).get("files")) {
            for (JsonNode objects : file.get("objects")) {
                String first = objects.get("first").asText();
                for (int number = 1; number <= objects.get("count").asInt(); number++) {
                    String key = first.replace("000001.jsonl", "%06d.jsonl".formatted(number));
                    for (String line : new String(service.object(key), UTF_8).split("\n")) {
                        lines.add(JSON.readTree(line));
                    }
                }
            }
        }
        return lines;
    }

    private List<JsonNode> lines(JsonNode task) throws Exception {
        return lines(service, id(task));
    }

    @Test
    void keysThatFailedAreRetriedAndNoOthers() throws Exception {
        RdbFile file = new RdbFile("REDIS0010").strings("free", 3000).strings("taken", 2000);
        service.put("ledger/many.rdb", file.string("\u00e4\\\"", "binary").bytes());
        service.put(
                "ledger/other.rdb",
                new RdbFile("REDIS0010").string("alone", "1").bytes());
        try (Jedis target = service.target()) {
            target.flushAll();
            for (int i = 0; i < 2000; i++) {
                target.set("taken" + i, "mine");
            }
            target.set("\u00e4\\\"", "mine");
            JsonNode first = imported("ledger/", KEPT);
            assertThat(first.get("status").asText()).as(first.toString()).isEqualTo("FAILED");
            assertThat(stats(first).get("failed_keys").asText()).isEqualTo("2001");
            List<JsonNode> lines = lines(first);
            assertThat(lines).hasSize(2001);
            String etag = S3Server.client()
                    .headObject(request -> request.bucket(service.bucket()).key("ledger/many.rdb"))
                    .eTag();
            for (JsonNode line : lines) {
                assertThat(line.get("file").asText()).isEqualTo("ledger/many.rdb");
                assertThat(line.get("etag").asText()).isEqualTo(etag);
                assertThat(line.get("database").asInt()).isZero();
                assertThat(line.get("type").asText()).isEqualTo("string");
                assertThat(line.get("outcome").asText()).isEqualTo("failed");
                assertThat(line.get("reason").asText()).contains("the key exists on the target");
                assertThat(line.get("offset").asLong()).isPositive();
            }
            JsonNode binary = lines.get(2000);
            assertThat(binary.get("key").asText()).isEqualTo("\\xc3\\xa4\\x5c\"");
            assertThat(Base64.getDecoder().decode(binary.get("key_base64").asText()))
                    .isEqualTo("\u00e4\\\"".getBytes(UTF_8));
            JsonNode page = service.ledger(id(first));
            assertThat(page.get("file_num").asInt()).isEqualTo(1);
            assertThat(page.at("/files/0/failed").asInt()).isEqualTo(2001);
            assertThat(page.at("/files/0/failures")).hasSize(100);

            target.flushAll();
            target.set("free0", "mine");
            target.set("taken5", "mine");
            JsonNode second = retried(first, "");
            assertThat(second.get("status").asText()).as(second.toString()).isEqualTo("FAILED");
            JsonNode stats = stats(second);
            assertThat(stats.get("imported_keys").asText()).isEqualTo("2000");
            assertThat(stats.get("failed_keys").asText()).isEqualTo("1");
            assertThat(stats.get("filtered_keys").asText()).isEqualTo("3000");
            assertThat(target.get("free0")).isEqualTo("mine");
            assertThat(target.dbSize()).isEqualTo(2002);

            JsonNode third = retried(second, ",\"conflict_policy\":\"replace\",\"verify\":\"full\"");
            assertThat(third.get("status").asText()).as(third.toString()).isEqualTo("SUCCESS");
            assertThat(stats(third).get("replaced_keys").asText()).isEqualTo("1");
            assertThat(stats(third).get("filtered_keys").asText()).isEqualTo("5000");
            assertThat(stats(third).get("verified_keys").asText()).isEqualTo("1");
            assertThat(target.get("taken5")).isNotEqualTo("mine");
            assertThat(lines(third)).isEmpty();
        }
    }

    @Test
    void keysOfArchivesAreToldApart() throws Exception {
        service.put(
                "two-dumps.zip",
                Packing.zip(Packing.files(
                        "a.rdb",
                        new RdbFile("REDIS0010")
                                .string("a1", "1")
                                .string("a2", "1")
                                .bytes(),
                        "b.rdb",
                        new RdbFile("REDIS0010")
                                .string("b1", "1")
                                .string("b2", "1")
                                .bytes())));
        try (Jedis target = service.target()) {
            target.flushAll();
            target.mset("a2", "mine", "b1", "mine");
            JsonNode first = imported("two-dumps.zip", KEPT);
            assertThat(lines(first).stream()
                            .map(line -> line.get("dump").asText() + "!"
                                    + line.get("key").asText()))
                    .containsExactlyInAnyOrder("a.rdb!a2", "b.rdb!b1");
            target.flushAll();
            assertThat(retried(first, "").get("status").asText()).isEqualTo("SUCCESS");
            assertThat(target.keys("*")).containsExactlyInAnyOrder("a2", "b1");
        }
    }

    @Test
    void aFileThatFailedIsImportedAsAWhole() throws Exception {
        service.put(
                "whole/newer.rdb", new RdbFile("REDIS0099").string("newer", "1").bytes());
        service.put(
                "whole/fine.rdb", new RdbFile("REDIS0010").string("fine", "1").bytes());
        try (Jedis target = service.target()) {
            target.flushAll();
            JsonNode first = imported("whole/", "{\"ledger\":{\"prefix\":\"kept/here\"}}");
            assertThat(service.ledger(id(first)).at("/ledger/object").asText())
                    .isEqualTo("kept/here/" + id(first) + "/ledger.json");
            assertThat(lines(first)).hasSize(1);
            JsonNode line = lines(first).get(0);
            assertThat(line.get("type").asText()).isEqualTo("file");
            assertThat(line.get("file").asText()).isEqualTo("whole/newer.rdb");
            assertThat(line.get("reason").asText()).contains("REDIS0099");
            target.flushAll();
            JsonNode second = retried(first, ",\"unknown_version\":\"continue\"");
            assertThat(second.get("status").asText()).as(second.toString()).isEqualTo("SUCCESS");
            assertThat(target.keys("*")).containsExactly("newer");
        }
    }

    @Test
    void aChangedFileIsNotRetried() throws Exception {
        service.put("changed.rdb", new RdbFile("REDIS0010").string("a", "1").bytes());
        try (Jedis target = service.target()) {
            target.flushAll();
            target.set("a", "mine");
            JsonNode first = imported("changed.rdb", KEPT);
            service.put("changed.rdb", new RdbFile("REDIS0010").string("a", "2").bytes());
            JsonNode second = retried(first, ",\"conflict_policy\":\"replace\"");
            assertThat(second.get("status").asText()).isEqualTo("FAILED");
            assertThat(second.get("error_message").asText())
                    .contains("changed.rdb")
                    .contains("changed");
            assertThat(target.get("a")).isEqualTo("mine");
        }
    }

    @Test
    void failuresInFrontOfCommandsAreNotRetriedOneByOne() throws Exception {
        service.put(
                "refused.aof",
                new AofFile().command("SET", "a", "1").command("NOTHING", "b").bytes());
        JsonNode first = imported("refused.aof", "{\"ledger\":{}}");
        assertThat(lines(first)).hasSize(1);
        assertThat(lines(first).get(0).get("type").asText()).isEqualTo("command NOTHING");
        assertThat(retried(first, "").get("error_message").asText()).contains("import the file as a whole");
    }

    @Test
    void aBucketThatTakesNoLedgerCostsNoKey() throws Exception {
        service.put(
                "refused/one.rdb",
                new RdbFile("REDIS0010").string("one", "1").string("two", "2").bytes());
        try (Jedis target = service.target()) {
            target.flushAll();
            String nowhere = "{\"conflict_policy\":\"fail\",\"ledger\":{\"bucket\":\"bucket-nowhere\"}}";
            JsonNode fine = imported("refused/", nowhere);
            assertThat(fine.get("status").asText()).isEqualTo("SUCCESS");
            assertThat(service.logs(id(fine)))
                    .filteredOn(
                            line -> line.startsWith("The ledger is not complete: Cannot write s3://bucket-nowhere/"))
                    .hasSize(1);
            target.del("two");
            JsonNode failed = imported("refused/", nowhere);
            assertThat(target.get("two")).isEqualTo("2");
            assertThat(failed.get("error_message").asText())
                    .contains("\"one\"")
                    .contains("its ledger is not complete: Cannot write s3://bucket-nowhere/ledgers/")
                    .contains("there is no bucket bucket-nowhere");
            JsonNode ledger = service.ledger(id(failed));
            assertThat(ledger.at("/ledger/complete").asBoolean()).isFalse();
            assertThat(ledger.at("/ledger/problem").asText()).startsWith("Cannot write");
            assertThat(ledger.at("/files/0/failures/0/key").asText()).isEqualTo("one");
            assertThat(retried(failed, "").get("error_message").asText())
                    .startsWith("Cannot read s3://bucket-nowhere/");
        }
    }

    @Test
    void whatWasStoppedIsInTheLedgerAndIsRetried() throws Exception {
        service.put("stopped.rdb", new RdbFile("REDIS0010").strings("s", 100).bytes());
        try (Jedis target = service.target()) {
            target.flushAll();
            String id;
            try (RunningService.Paused paused = service.pauseTarget()) {
                id = service.create(with("{\"ledger\":{}}", service.body("stopped.rdb")));
                Conditions.await(() -> service.logs(id).stream().anyMatch(line -> line.contains("reading")));
                service.send(
                        service.asAdmin("/migration-task/" + id + "/stop").POST(HttpRequest.BodyPublishers.noBody()));
                paused.end();
            }
            JsonNode first = service.finished(id);
            assertThat(first.get("status").asText()).isEqualTo("TERMINATED");
            assertThat(lines(first)).hasSize(1);
            assertThat(lines(first).get(0).get("outcome").asText()).isEqualTo("stopped");
            JsonNode second = retried(first, "");
            assertThat(second.get("status").asText()).as(second.toString()).isEqualTo("SUCCESS");
            assertThat(target.dbSize()).isEqualTo(100);
        }
    }

    @Test
    void whatCanNotBeRetriedIsRefused() throws Exception {
        service.put("good.rdb", new RdbFile("REDIS0010").string("a", "1").bytes());
        JsonNode good = imported("good.rdb", "{\"ledger\":{}}");
        JsonNode without = imported("missing.rdb", "{}");
        assertRefused(retryBody(id(good), ""), "it succeeded, so that there is nothing to retry");
        assertRefused(retryBody(id(without), ""), "it kept no ledger");
        assertRefused(retryBody("0".repeat(32), ""), "there is no task");
        assertRefused(retryBody("all", ""), "retry_of is the id of a task");
        assertRefused(retryBody(id(good), ",\"method\":\"replication\""), "method replication hands over a whole file");
        assertRefused(with("{\"retry_of\":\"" + id(good) + "\"}", service.body("good.rdb")), "leave backup_files out");
        assertRefused(
                with("{\"ledger\":{\"bucket\":\"other\"}}", service.body("good.rdb")), "redisbackup.buckets.allow");
        assertRefused(with("{\"ledger\":{\"prefix\":\"${a}/\"}}", service.body("good.rdb")), "the prefix of a ledger");
        assertRefused(with("{\"ledger\":{\"prefix\":\"../\"}}", service.body("good.rdb")), "the prefix of a ledger");
        assertRefused(with("{\"ledger\":{},\"dry_run\":true}", service.body("good.rdb")), "a dry run");
    }

    private void assertRefused(String body, String hint) throws Exception {
        HttpResponse<String> answer = service.post(body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("X-Error-Hint").orElseThrow()).contains(hint);
    }

    /** Lines of before the last checkpoint must not be lost, and those of after it neither stay nor come twice. */
    @Test
    void aServiceThatIsKilledLosesNoLineAndLeavesNoFalseOne() throws Exception {
        int keys = 60_000;
        int dense = 20_000; // so many fail and fill objects; of the others one in a hundred, too few for another object
        try (RunningService servers = RunningService.withoutService();
                CuttingProxy slow = new CuttingProxy(S3Server.server().endpoint()).limitEach(300_000);
                Jedis target = servers.target()) {
            servers.put(
                    "killed.rdb", new RdbFile("REDIS0010").strings("k", keys).bytes());
            target.mset(IntStream.range(0, keys)
                    .filter(i -> i < dense || i % 100 == 0)
                    .boxed()
                    .flatMap(i -> Stream.of("k" + i, "mine"))
                    .toArray(String[]::new));
            Map<String, String> properties = new HashMap<>(servers.properties());
            properties.put(
                    "camel.component.aws2-s3.uriEndpointOverride",
                    slow.endpoint().toString());
            String id = null;
            for (int failures : new int[] {dense / 4, dense + 200}) {
                try (ServiceProcess process = ServiceProcess.start(properties)) {
                    if (id == null) {
                        id = servers.create(with(KEPT, servers.body("killed.rdb")));
                    }
                    String task = id;
                    Conditions.await(
                            () -> servers.stats(task).get("failed_keys").asInt() > failures);
                    process.kill();
                }
            }
            // the keys behind the last checkpoint fail no more: lines that were written about them must not count
            target.flushAll();
            try (ServiceProcess process = ServiceProcess.start(properties)) {
                JsonNode task = servers.finished(id);
                assertThat(task.get("status").asText())
                        .as(process.log().toString())
                        .isEqualTo("FAILED");
                JsonNode stats = servers.stats(id);
                int failed = stats.get("failed_keys").asInt();
                assertThat(stats.get("imported_keys").asInt()).isEqualTo(keys - failed);
                assertThat(lines(servers, id).stream()
                                .map(line -> line.get("key").asText()))
                        .hasSize(failed)
                        .doesNotHaveDuplicates()
                        .noneMatch(target::exists);
            }
            assertThat(S3Server.client()
                            .listObjectsV2(
                                    request -> request.bucket(servers.bucket()).prefix("ledgers/"))
                            .contents())
                    .extracting(S3Object::size)
                    .allMatch(size -> size < 4 << 20);
        }
    }
}
