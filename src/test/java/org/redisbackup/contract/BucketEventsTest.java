package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A bucket says what arrives, in a queue of SQS. */
class BucketEventsTest {
    private static final String SCHEDULE = "redisbackup.schedules.arrivals.";
    private static final String SQS = "camel.component.aws2-sqs.";
    private static final String QUEUE = "backups";

    private SQSRestServer server;
    private SqsClient sqs;
    private String queue;
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .start();
        int port = server.waitUntilStarted().localAddress().getPort();
        String endpoint = "http://127.0.0.1:" + port;
        sqs = SqsClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
        queue = sqs.createQueue(create ->
                        create.queueName(QUEUE).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1")))
                .queueUrl();
        Map<String, String> properties = new HashMap<>(Map.of(
                "redisbackup.events.queue",
                QUEUE,
                SQS + "overrideEndpoint",
                "true",
                SQS + "uriEndpointOverride",
                endpoint,
                SQS + "region",
                "eu-central-1",
                SQS + "accessKey",
                "key",
                SQS + "secretKey",
                "secret"));
        properties.putAll(Map.of(
                SCHEDULE + "cron", "event",
                SCHEDULE + "bucket", "${bucket}",
                SCHEDULE + "prefix", "production/",
                SCHEDULE + "target", RunningService.INSTANCE,
                SCHEDULE + "project", RunningService.PROJECT));
        service = RunningService.start(properties);
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        sqs.close();
        server.stopAndWait();
    }

    private void send(String message) {
        sqs.sendMessage(send -> send.queueUrl(queue).messageBody(message));
    }

    /** As Amazon S3 writes it. */
    private String event(String name, String key) {
        return """
                {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-central-1",\
                "eventTime":"2026-11-25T02:00:00.000Z","eventName":"%s","s3":{"s3SchemaVersion":"1.0",\
                "bucket":{"name":"%s","arn":"arn:aws:s3:::%s"},\
                "object":{"key":"%s","size":1024,"eTag":"d41d8cd98f00b204e9800998ecf8427e",\
                "sequencer":"0055AED6DCD90281E5"}}}]}"""
                .formatted(
                        name,
                        service.bucket(),
                        service.bucket(),
                        URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/"));
    }

    private void awaitNoMessage() throws Exception {
        Conditions.await(() -> sqs
                .getQueueAttributes(get -> get.queueUrl(queue)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .allMatch("0"::equals));
    }

    private JsonNode awaitResult(String result) throws Exception {
        return Conditions.await(
                () -> service.get("/migration-schedules/arrivals"),
                schedule -> schedule.get("last_result").asText().equals(result));
    }

    @Test
    void whatArrivesIsImportedOnce() throws Exception {
        String key = "production/a backup+ä.rdb";
        service.put(key, Corpus.bytes("types-redis-7.0.15.rdb"));
        send("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"" + service.bucket() + "\"}");
        send("no event");
        send(event("ObjectRemoved:Delete", key));
        send(event("ObjectCreated:Put", "elsewhere/dump.rdb"));
        awaitNoMessage();
        assertThat(service.get("/migration-schedules/arrivals")
                        .get("last_result")
                        .isNull())
                .isTrue();

        send(event("ObjectCreated:Put", key));
        JsonNode task =
                service.finished(awaitResult("started").get("last_task_id").asText());
        assertThat(task.get("status").asText()).isEqualTo("SUCCESS");
        assertThat(task.at("/backup_files/files/0/file_name").asText()).isEqualTo(key);

        send(event("ObjectCreated:Put", key));
        awaitResult("unchanged");
        awaitNoMessage();
        assertThat(service.get("/migration-tasks").get("count").asInt()).isEqualTo(1);
    }

    /** A message is given again until the state Redis knows of it. */
    @Test
    void noEventIsLostWhileTheStateIsAway() throws Exception {
        service.put("production/dump.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
        try (Jedis state = service.state()) {
            state.clientPause(7_000, ClientPauseMode.WRITE); // longer than its clients wait for an answer
        }
        send(event("ObjectCreated:Put", "production/dump.rdb"));
        awaitResult("started");
        awaitNoMessage();
    }
}
