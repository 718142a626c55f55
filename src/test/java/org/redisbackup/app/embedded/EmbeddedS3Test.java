package org.redisbackup.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class EmbeddedS3Test {
    @TempDir
    Path directory;

    @Test
    void keepsItsBucketsOverARestart() throws Exception {
        try (EmbeddedS3 server = EmbeddedS3.start(directory, "key", "secret");
                S3Client client = server.client()) {
            client.createBucket(request -> request.bucket("backups"));
            client.putObject(request -> request.bucket("backups").key("a/b.rdb"), RequestBody.fromString("REDIS"));
        }
        try (EmbeddedS3 server = EmbeddedS3.start(directory, "key", "secret");
                S3Client client = server.client()) {
            assertThat(client.getObjectAsBytes(
                                    request -> request.bucket("backups").key("a/b.rdb"))
                            .asUtf8String())
                    .isEqualTo("REDIS");
        }
    }

    @Test
    void refusesAWrongSecret() {
        try (S3Client stranger = S3Server.client(S3Server.server().endpoint(), S3Server.ACCESS_KEY, "another secret")) {
            assertThatThrownBy(stranger::listBuckets).isInstanceOfSatisfying(S3Exception.class, e -> assertThat(
                            e.awsErrorDetails().errorCode())
                    .isEqualTo("SignatureDoesNotMatch"));
        }
    }

    @Test
    void isWhatCamelIsConfiguredFor() throws Exception {
        String bucket = S3Server.freshBucket();
        Main main = new Main();
        Map<String, String> properties = S3Server.properties();
        properties.forEach(main::addOverrideProperty);
        main.start();
        try {
            var component = main.getCamelContext().getComponent("aws2-s3", AWS2S3Component.class);
            assertThat(component.getConfiguration().isForcePathStyle()).isTrue();
            main.getCamelContext()
                    .createProducerTemplate()
                    .sendBodyAndHeader("aws2-s3:" + bucket, "text", "CamelAwsS3Key", "key");
            assertThat(S3Server.client()
                            .getObjectAsBytes(request -> request.bucket(bucket).key("key"))
                            .asUtf8String())
                    .isEqualTo("text");
        } finally {
            main.stop();
        }
    }
}
