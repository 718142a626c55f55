package org.redisbackup;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Component;

/** Which package may use which. */
@AnalyzeClasses(packages = "org.redisbackup", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String OURS = "org.redisbackup.";
    private static final String CAMEL = Component.class.getPackageName() + "..";
    private static final String AWS = "software.amazon..";

    @ArchTest
    static final ArchRule rdbUsesTheJdkAlone = classes()
            .that()
            .resideInAPackage(OURS + "rdb..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(OURS + "rdb..", "java..");

    @ArchTest
    static final ArchRule slicingKnowsNothingOfDecoding = noClasses()
            .that()
            .resideInAPackage(OURS + "rdb")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(OURS + "rdb.decode");

    @ArchTest
    static final ArchRule aofUsesRdb = mayUse("aof", "rdb");

    @ArchTest
    static final ArchRule archiveUsesRdbAndAof = mayUse("archive", "rdb", "aof");

    @ArchTest
    static final ArchRule analysisUsesRdb = mayUse("analysis", "rdb");

    @ArchTest
    static final ArchRule indexUsesRdb = mayUse("index", "rdb");

    @ArchTest
    static final ArchRule redisUsesRdbAndAof = mayUse("redis", "rdb", "aof");

    @ArchTest
    static final ArchRule sourceUsesArchive = mayUse("source", "archive");

    @ArchTest
    static final ArchRule componentUsesRdbAofRedisAndArchive = mayUse("component", "rdb", "aof", "redis", "archive");

    @ArchTest
    static final ArchRule taskUsesWhatReadsAndDelivers =
            mayUse("task", "source", "archive", "redis", "analysis", "index", "aof", "rdb");

    @ArchTest
    static final ArchRule scheduleUsesTaskAndSource = mayUse("schedule", "task", "source");

    @ArchTest
    static final ArchRule apiUsesTaskAndSchedule = mayUse("api", "task", "schedule");

    @ArchTest
    static final ArchRule kameletUsesSourceAndWhatReads = mayUse("kamelet", "source", "archive", "aof", "rdb");

    @ArchTest
    static final ArchRule springUsesComponent = mayUse("spring", "component");

    /**
     * An application that embeds us has Camel, and gets Jedis and the libraries of archives with our jar; the rest of our
     * dependencies are optional.
     */
    @ArchTest
    static final ArchRule componentNeedsNothingOptional = classes()
            .that()
            .resideInAnyPackage(OURS + "rdb..", OURS + "aof..", OURS + "redis..", OURS + "component..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    OURS + "rdb..",
                    OURS + "aof..",
                    OURS + "archive..",
                    OURS + "redis..",
                    OURS + "component..",
                    "java..",
                    "javax..",
                    "org.apache.camel",
                    "org.apache.camel.spi..",
                    "org.apache.camel.support..",
                    "org.slf4j..",
                    "redis.clients.jedis..");

    @ArchTest
    static final ArchRule springStaysInSpring = noClasses()
            .that()
            .resideOutsideOfPackage(OURS + "spring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule camelStaysAtTheEdge = noClasses()
            .that()
            .resideOutsideOfPackages(OURS + "component..", OURS + "kamelet..", OURS + "spring..", OURS + "app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CAMEL);

    @ArchTest
    static final ArchRule s3StaysAtItsEdge = noClasses()
            .that()
            .resideOutsideOfPackages(OURS + "source..", OURS + "kamelet..", OURS + "app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(AWS);

    @ArchTest
    static final ArchRule noCircles = slices().matching(OURS + "(*)..").should().beFreeOfCycles();

    private static ArchRule mayUse(String room, String... rooms) {
        List<String> allowed = Stream.concat(Stream.of(room), Stream.of(rooms)).toList();
        return noClasses()
                .that()
                .resideInAPackage(OURS + room + "..")
                .should()
                .dependOnClassesThat(describe(
                        "are ours and none of " + allowed,
                        used -> used.getPackageName().startsWith(OURS) && !allowed.contains(roomOf(used))));
    }

    private static String roomOf(JavaClass used) {
        return used.getPackageName().substring(OURS.length()).split("\\.")[0];
    }
}
