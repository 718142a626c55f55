package org.redisbackup.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.redisbackup.task.StateJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What buckets tell of objects that arrive, in the form of Amazon S3's event notifications: each wakes the schedules
 * that import by events and that it could be a backup of. They look into the bucket themselves, so that an event that
 * comes twice, late or out of order changes nothing.
 */
public final class BucketEvents {
    private static final Logger LOG = LoggerFactory.getLogger(BucketEvents.class);
    private static final String CREATED = "ObjectCreated:";

    private final Schedules schedules;

    public BucketEvents(Schedules schedules) {
        this.schedules = schedules;
    }

    /**
     * Takes in a message. What is none of such a notification is logged and forgotten: it will never be one.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when the state Redis does not answer; the message has to come
     *     again then
     */
    public void arrived(String message) {
        JsonNode event;
        try {
            event = StateJson.read(message, JsonNode.class);
        } catch (IllegalStateException e) {
            event = null;
        }
        if (event == null || !event.path("Records").isArray()) {
            if (event == null || !event.path("Event").asText().equals("s3:TestEvent")) {
                LOG.warn("A message in the queue is no event notification of a bucket, and is left out");
            }
            return;
        }
        event.path("Records").forEach(this::look);
    }

    private void look(JsonNode event) {
        // servers other than Amazon's write s3:ObjectCreated:Put
        if (!event.path("eventName").asText().replaceFirst("^s3:", "").startsWith(CREATED)) {
            return;
        }
        String bucket = event.at("/s3/bucket/name").asText();
        String key = event.at("/s3/object/key").asText();
        try {
            key = URLDecoder.decode(key, StandardCharsets.UTF_8); // as in a form, with + for a space
        } catch (IllegalArgumentException e) {
            LOG.warn("An event of the bucket {} has a key that is not percent-encoded, and is left out", bucket);
            return;
        }
        for (Schedule schedule : schedules.wake(bucket, key)) {
            LOG.info("Schedule {}: s3://{}/{} has arrived", schedule.name(), bucket, key);
        }
    }
}
