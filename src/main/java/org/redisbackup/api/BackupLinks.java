package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.redisbackup.task.BackupRecord;

/** Answer of ListBackupFileLinks, while its links are made one by one and when they are complete. */
public final class BackupLinks {
    private static final int MAX = 64; // of the contract

    private final BackupRecord backup;
    private final long expirationMillis;
    private final List<Link> links = new ArrayList<>();

    BackupLinks(BackupRecord backup, int expirationSeconds) {
        this.backup = backup;
        expirationMillis = expirationSeconds * 1000L;
    }

    /** What a link is to be made for: the keys of the first 64 objects of the backup. */
    @JsonIgnore
    public List<String> getKeys() {
        return backup.keys().stream().limit(MAX).toList();
    }

    /** How long a link is good for. */
    @JsonIgnore
    public long getExpirationMillis() {
        return expirationMillis;
    }

    public void add(String key, String link) {
        links.add(new Link(key.substring(key.lastIndexOf('/') + 1), link));
    }

    /** What the keys of all the objects start with, as far as their folder goes. */
    @JsonProperty("file_path")
    public String getFilePath() {
        String key = backup.keys().get(0);
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    @JsonProperty("bucket_name")
    public String getBucketName() {
        return backup.bucket();
    }

    @JsonProperty("links")
    public List<Link> getLinks() {
        return List.copyOf(links);
    }

    /** A URL that anybody can download the object from, for a while. */
    record Link(@JsonProperty("file_name") String fileName, @JsonProperty("link") String link) {}
}
