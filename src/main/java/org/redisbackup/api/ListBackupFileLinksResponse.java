package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.redisbackup.task.BackupRecord;

/**
 * Answer of ListBackupFileLinks.
 *
 * @param filePath what the keys of all the objects start with, as far as their folder goes
 */
record ListBackupFileLinksResponse(
        @JsonProperty("file_path") String filePath,
        @JsonProperty("bucket_name") String bucketName,
        @JsonProperty("links") List<Link> links) {

    /** A URL that anybody can download the object from, for a while. */
    record Link(@JsonProperty("file_name") String fileName, @JsonProperty("link") String link) {}

    /** @param linkOfKey in the order of the answer */
    static ListBackupFileLinksResponse of(BackupRecord backup, Map<String, String> linkOfKey) {
        return new ListBackupFileLinksResponse(
                folder(backup.keys()),
                backup.bucket(),
                linkOfKey.entrySet().stream()
                        .map(link -> new Link(name(link.getKey()), link.getValue()))
                        .toList());
    }

    private static String folder(List<String> keys) {
        String first = keys.get(0);
        String last = keys.get(keys.size() - 1); // they are sorted: what these two share, all do
        int shared = 0;
        while (shared < Math.min(first.length(), last.length()) && first.charAt(shared) == last.charAt(shared)) {
            shared++;
        }
        return first.substring(0, first.substring(0, shared).lastIndexOf('/') + 1);
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }
}
