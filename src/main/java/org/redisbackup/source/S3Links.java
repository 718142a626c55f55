package org.redisbackup.source;

import java.time.Duration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.S3ServiceClientConfiguration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Links that anybody can download a backup with, for a while. Safe for use by many threads. */
public final class S3Links implements AutoCloseable {
    private final S3Presigner presigner;

    /**
     * @param client whose endpoint, region and credentials make the links
     * @param pathStyle whether the bucket goes into the path, not into the host
     */
    public S3Links(S3Client client, boolean pathStyle) {
        S3ServiceClientConfiguration like = client.serviceClientConfiguration();
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(like.region())
                .credentialsProvider(like.credentialsProvider())
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(pathStyle)
                        .build());
        like.endpointOverride().ifPresent(builder::endpointOverride);
        presigner = builder.build();
    }

    /** The URL, which is made without asking the server. */
    public String of(BackupFile file, Duration goodFor) {
        return presigner
                .presignGetObject(presign -> presign.signatureDuration(goodFor)
                        .getObjectRequest(object -> object.bucket(file.bucket()).key(file.key())))
                .url()
                .toString();
    }

    @Override
    public void close() {
        presigner.close();
    }
}
