# CuriOS for mx, the build tool of GraalVM: `mx build` compiles what the poms compile, from the same libraries.
# SuiteTest keeps this file and the poms alike. Libraries come from Maven Central rather than from the truffle suite,
# so that no clone of graal is needed. Two things only Maven does: the guest images (kernel/, with the LLVM of the
# platform), and running the tests, which are JUnit 5 where `mx unittest` knows JUnit 4.
suite = {
    "mxversion": "7.45.0",
    "name": "curios",
    "version": "0.1.0",
    "release": False,
    "groupId": "org.curios",
    "defaultLicense": "Apache-2.0",  # mx defines it, and refuses a suite that defines it again
    "imports": {},
    "libraries": {
        # GraalVM: what the machine runs on.
        "TRUFFLE_API": {
            "moduleName": "org.graalvm.truffle",
            "maven": {"groupId": "org.graalvm.truffle", "artifactId": "truffle-api", "version": "25.0.1"},
            "digest": "sha512:3c9d1500b667a598b1787921272a43e0d63e7c4743fc0fbf4a214f4aef7d122972d4eb7066f33298c127ca009a49c7043ded4455335e65bf6aa2bc041b2220d6",
            "dependencies": ["COLLECTIONS", "NATIVEIMAGE", "POLYGLOT"],
        },
        "TRUFFLE_RUNTIME": {
            "moduleName": "org.graalvm.truffle.runtime",
            "maven": {"groupId": "org.graalvm.truffle", "artifactId": "truffle-runtime", "version": "25.0.1"},
            "digest": "sha512:20276374ca6d2e356849cb5a9103657a10f8459dd7a18bc7c2b2a5a39b4ac25bf4dda5a19841ab72eae0e6d186d4f56e8e9e761cb4f1a2c30483db613752b35a",
            "dependencies": ["JNIUTILS", "TRUFFLE_API", "TRUFFLE_COMPILER"],
        },
        "TRUFFLE_COMPILER": {
            "moduleName": "org.graalvm.truffle.compiler",
            "maven": {"groupId": "org.graalvm.truffle", "artifactId": "truffle-compiler", "version": "25.0.1"},
            "digest": "sha512:fc66ff94b480d5268c94a2ad0b820095f8344f6de724a83d4b063c34287650f029cbe39cdeb33a121519a481704759dd2c1b1306d37224608f3828439cbf046f",
            "dependencies": ["COLLECTIONS", "WORD"],
        },
        "TRUFFLE_DSL_PROCESSOR": {
            "maven": {"groupId": "org.graalvm.truffle", "artifactId": "truffle-dsl-processor", "version": "25.0.1"},
            "digest": "sha512:ca922b28574fd3e77dfe27303147c077090992b9b8c455c2286e4a9b413967fd2a3505a628c0943c58ffc25233fc1e49a9a6abeee3746cce2feaeeff92c60718",
        },
        "PROFILER_TOOL": {
            "moduleName": "com.oracle.truffle.tools.profiler",
            "maven": {"groupId": "org.graalvm.tools", "artifactId": "profiler-tool", "version": "25.0.1"},
            "digest": "sha512:590b8ed2bc0ac1385c77dc92ad4293e822e6d55a0edc98909171f1bfe9dfda260f9044a723e6377e715695ecfd239ed29ee8de380e24811c460c4ec273c85c7f",
            "dependencies": ["POLYGLOT", "SHADOWED_JSON", "TRUFFLE_API", "WORD"],
        },
        "CHROMEINSPECTOR_TOOL": {
            "moduleName": "com.oracle.truffle.tools.chromeinspector",
            "maven": {"groupId": "org.graalvm.tools", "artifactId": "chromeinspector-tool", "version": "25.0.1"},
            "digest": "sha512:7e0e8c131ba51e8d3434042f11ad305929fd4c73308c646259437a20a8a0204ffd7fd4c4cc13a1c3d983de81722809c5ccedd23cc84a85671acefe026db3c687",
            "dependencies": ["COLLECTIONS", "POLYGLOT", "PROFILER_TOOL", "SHADOWED_JSON", "TRUFFLE_API", "WORD"],
        },
        "DAP_TOOL": {
            "moduleName": "com.oracle.truffle.tools.dap",
            "maven": {"groupId": "org.graalvm.tools", "artifactId": "dap-tool", "version": "25.0.1"},
            "digest": "sha512:4b11e85f34eee14f8a32a101852067611cc097b89dc91839ebcfb433ce15bd33ce858e3efad24dfef7d5cbcc9e6649c2844ede8f6d24547071ed7b7f5c2e66eb",
            "dependencies": ["COLLECTIONS", "POLYGLOT", "SHADOWED_JSON", "TRUFFLE_API", "WORD"],
        },
        "SHADOWED_JSON": {
            "moduleName": "org.graalvm.shadowed.org.json",
            "maven": {"groupId": "org.graalvm.shadowed", "artifactId": "json", "version": "25.0.1"},
            "digest": "sha512:3f8e230a178ea701b6b52a48c127783468189cf3636aba71c42ef1b143425f022ee7aaf311b98dc8f3d2ca08c661680c75a3df7bb6a721f866161b1b5255f1f2",
        },
        "GRAAL_COMPILER": {
            "moduleName": "jdk.graal.compiler",
            "maven": {"groupId": "org.graalvm.compiler", "artifactId": "compiler", "version": "25.0.1"},
            "digest": "sha512:0f187fea14a7c26114d06a5885f368a4c8fa8a79350af11622ced401fa784c2085fed159fba2612caff18aa5e123f91824ebab5a4c2eb7a8a34cb9f0ebd4a8db",
            "dependencies": ["COLLECTIONS", "TRUFFLE_COMPILER", "WORD"],
        },
        "POLYGLOT": {
            "moduleName": "org.graalvm.polyglot",
            "maven": {"groupId": "org.graalvm.polyglot", "artifactId": "polyglot", "version": "25.0.1"},
            "digest": "sha512:c90b890d4449402a7ca3a6d68799320fb4937f06785f00f798f256d7dba3cfa728bb63af380db393eaabff97e6802dc32148fa70eaa573c4346e6c073a4e2c07",
            "dependencies": ["COLLECTIONS", "NATIVEIMAGE"],
        },
        "COLLECTIONS": {
            "moduleName": "org.graalvm.collections",
            "maven": {"groupId": "org.graalvm.sdk", "artifactId": "collections", "version": "25.0.1"},
            "digest": "sha512:d7a2ed53cefca6c5b414f4c2a43452d5da0214fc2f6366074e1308ece4f6eb01142f3585ec0ddb76fd2cca2d0d2fbbdc681c40099037f333e9025595f949b167",
        },
        "JNIUTILS": {
            "moduleName": "org.graalvm.jniutils",
            "maven": {"groupId": "org.graalvm.sdk", "artifactId": "jniutils", "version": "25.0.1"},
            "digest": "sha512:339ac2e64e5d483d08f744f8c739485820abdec2a62aef88e4ce8ac26291740a1d9a4dac93354416d1d846e075a229bf0f945a4461edaab1971d7138696d784f",
            "dependencies": ["COLLECTIONS", "NATIVEIMAGE"],
        },
        "NATIVEIMAGE": {
            "moduleName": "org.graalvm.nativeimage",
            "maven": {"groupId": "org.graalvm.sdk", "artifactId": "nativeimage", "version": "25.0.1"},
            "digest": "sha512:524f7acd656d1ada22b0229b650efed191bcab1a6939d1ff6f1c339e92a964b321d44635f86cadbd88a1df916dc919cec6cdfa379956808be3478c2d23a17cf2",
            "dependencies": ["WORD"],
        },
        "WORD": {
            "moduleName": "org.graalvm.word",
            "maven": {"groupId": "org.graalvm.sdk", "artifactId": "word", "version": "25.0.1"},
            "digest": "sha512:9ee6a963f303d0808e6ef1e5bc9fd54efa539bc789f0ea2a0055b8ce613267ff355178145bdf301a557cfb5bd1aa84ab17a6e167e8b1ada538763885cdc0738b",
        },
        # Scripts in JavaScript; Python is fetched by the launcher when it is needed (shell/python/pom.xml).
        "JS_LANGUAGE": {
            "moduleName": "org.graalvm.js",
            "maven": {"groupId": "org.graalvm.js", "artifactId": "js-language", "version": "25.0.1"},
            "digest": "sha512:dbd9395b23a08718ec1273aa4f50a8d6e432a2aa79e6839d0fd13c9e16084fbaef3e3f0984a1c6d5a9ffecb595519c742250694c90bceb81e1eb55bc30af745e",
            "dependencies": ["ICU4J", "POLYGLOT", "REGEX", "TRUFFLE_API"],
        },
        "REGEX": {
            "moduleName": "com.oracle.truffle.regex",
            "maven": {"groupId": "org.graalvm.regex", "artifactId": "regex", "version": "25.0.1"},
            "digest": "sha512:a215b10c4fd73eff7522a78ab830134ad23176ec0d36a2e620bb2ff9a417994eed5c227c0bc12e22890904ba958b4da44f92f4f78e922fbcd2857abdc168f869",
            "dependencies": ["ICU4J", "TRUFFLE_API"],
        },
        "ICU4J": {
            "moduleName": "org.graalvm.shadowed.icu4j",
            "maven": {"groupId": "org.graalvm.shadowed", "artifactId": "icu4j", "version": "25.0.1"},
            "digest": "sha512:e122e16fe4fc8fa65714fe526f4eb625605a375a11e00edb6bd39352afeeb690c749c92f427135c1f01dc552b9659a28fda7730f01e0306234d8439facc7215a",
            "dependencies": ["NATIVEIMAGE", "XZ"],
        },
        "XZ": {
            "moduleName": "org.graalvm.shadowed.xz",
            "maven": {"groupId": "org.graalvm.shadowed", "artifactId": "xz", "version": "25.0.1"},
            "digest": "sha512:b12f38e92164e15afe257b1907ac113f6fd39e2413f208030eb376fb74e9dea5e083cabe2b5f3c3fbf4caeb63889b2b869160228d1a6c0def7f070fb60e5b2c3",
        },
        # The rest of the run time.
        "GSON": {
            "maven": {"groupId": "com.google.code.gson", "artifactId": "gson", "version": "2.13.2"},
            "digest": "sha512:8974a052656d2e5ec968b6bac2edf51413ffc62040fdc65f14f00597e738ab544d22487f8579ba90618b5a7f94ef33773510fac67b408fee6ed274b38f3d9947",
        },
        "JLINE": {
            "maven": {"groupId": "org.jline", "artifactId": "jline", "version": "4.5.0"},
            "digest": "sha512:42ddda9cb8326295816d97801cd90f68727fa85fe40e4e447ca23e23e089037a929bc6fa091ab47e8133542cdac9ebc6d1c292497f2e15f47bc0ebe2c8703c63",
        },
        "PICOCLI": {
            "maven": {"groupId": "info.picocli", "artifactId": "picocli", "version": "4.7.7"},
            "digest": "sha512:125a8d5cf9dac7f2d67ac82e281d47aab4f15643b4dd5e09199dd5048e385fa74f7f287ebd1162c9f23c488e0d616f1e46591015fe5319c6ad796cc4beddfff6",
        },
        "CAPSTONE": {
            "maven": {"groupId": "com.github.zhkl0228", "artifactId": "capstone", "version": "3.1.8"},
            "digest": "sha512:bd232564dfe6309c40378db4bda8ff7ddf990247d422c4d72db4fea4d3f787777b6e96893f78622811fbe7cfb220626cb09f86a6c07c19c472c593b08431b379",
            "dependencies": ["JNA", "NATIVE_LIB_LOADER"],
        },
        # Campaigns on Spark: what compiling needs; a cluster has the rest (src/campaign-spark/jars/pom.xml).
        "SPARK_CORE": {
            "maven": {"groupId": "org.apache.spark", "artifactId": "spark-core_2.13", "version": "4.2.0"},
            "digest": "sha512:cda41489aa5e807ecf7b5665f7f845847eb445869780b05c934577278890e4dd5899f10e7482c906a324191a013bc829cdd762c5f28614b94dfd0bbb8aa8963a",
        },
        "SPARK_SQL_API": {
            "maven": {"groupId": "org.apache.spark", "artifactId": "spark-sql-api_2.13", "version": "4.2.0"},
            "digest": "sha512:87f89ce0d38e1d7a98bcac9fe79359fb410d46aef8ae5ed96f74589b59fb708c2f5ca36ed09d0eb3c2fada81ccdaea429d50df8c9a981eebe2efaf1bc4843439",
        },
        "SPARK_COMMON_UTILS": {
            "maven": {"groupId": "org.apache.spark", "artifactId": "spark-common-utils_2.13", "version": "4.2.0"},
            "digest": "sha512:86a3a25d8e65c5bc3e5c073d7f4d9ea9143543e48b2c62dfc4a5faecb278fc0c704475280f3e55e9c32b6a743e142939f308cf371dd65625769803eb1f48cb0c",
        },
        "SPARK_COMMON_UTILS_JAVA": {
            "maven": {"groupId": "org.apache.spark", "artifactId": "spark-common-utils-java_2.13", "version": "4.2.0"},
            "digest": "sha512:39c944490b1e208ff48b21de6d2a948d7c3bf500c776ee1fb5b18e2921b62b699aaa3decaed8a92c12b9adaf9a1496973dc662f6d5a7ab010ae869a4b254eeb6",
        },
        "JACKSON_ANNOTATIONS": {
            "maven": {"groupId": "com.fasterxml.jackson.core", "artifactId": "jackson-annotations", "version": "2.21"},
            "digest": "sha512:d832a99867acc2d5afb2596da760c50e6a6b54c1bbc8e6c4186f267a16e1d55c7a916ef8b034ad6b277c41e3342b91dcdc2e3dcea8bdccfe89e7c147894591be",
        },
        "SCALA_LIBRARY": {
            "maven": {"groupId": "org.scala-lang", "artifactId": "scala-library", "version": "2.13.18"},
            "digest": "sha512:63487dc36cd250021815332ccd96fac16bce1341b52d401949b5a2409c53473f52c436d53e53f8938c367037f7a9da9ac163743222be1b397913f23d5ccb0779",
        },
        "SCALA_REFLECT": {
            "maven": {"groupId": "org.scala-lang", "artifactId": "scala-reflect", "version": "2.13.18"},
            "digest": "sha512:bccfd697f1f7a53b13b17e07ddb1295dea04a4dadf8c706830ea7ee6c65c617fade4c256626e4c7ee1a4627c61a3b81ed7cb53fcd2fc1390c6b48e3b058b0cd6",
        },
        "HADOOP_CLIENT_API": {
            "maven": {"groupId": "org.apache.hadoop", "artifactId": "hadoop-client-api", "version": "3.5.0"},
            "digest": "sha512:4db39c6445771aa095f8ccf062bb6c50790ab1dabe47a097d7bbfc19f83437eac4822805fe4345dcc6182116e41c898230ccecaa45f0a8f676f658b825be8882",
        },
        # Campaigns: plans in YAML, results in Parquet, statistics.
        "SNAKEYAML_ENGINE": {
            "maven": {"groupId": "org.snakeyaml", "artifactId": "snakeyaml-engine", "version": "3.2"},
            "digest": "sha512:27b26afa0ede39eb40771104d1fc25b595e8566da32537c200ac09806a0f51d62947196e7c45b1b7791ec2b6297a9e33de93d374b1ce6bd3442fcf546ed8d87b",
        },
        "PARQUET_FLOOR": {
            "maven": {"groupId": "blue.strategic.parquet", "artifactId": "parquet-floor", "version": "2.3"},
            "digest": "sha512:426c5ef55aa7dae295bea069fe1ee2552e79ba3cdf4b44a8cbcb235c3131e8f96299d089df714db1c1e4b66202cc1cb00e460f9c071edf130ed9babf698dd79a",
            "dependencies": ["PARQUET_COLUMN", "PARQUET_HADOOP"],
        },
        "PARQUET_COLUMN": {
            "maven": {"groupId": "org.apache.parquet", "artifactId": "parquet-column", "version": "1.18.1"},
            "digest": "sha512:26287d1f6c49471a6969dc47a33b560c313f408ed0fdec2192c62df6f47c0313ed8007b8bbdcf057d37337fa21d9981aa787d1e068ea349ad8263e215710e4e8",
            "dependencies": ["JTS_CORE", "PARQUET_COMMON", "PARQUET_ENCODING", "SLF4J_API_1"],
        },
        "PARQUET_COMMON": {
            "maven": {"groupId": "org.apache.parquet", "artifactId": "parquet-common", "version": "1.18.1"},
            "digest": "sha512:d85693eb65e4b7ace98e45e77c89dba04fe6d5b8095a987375e9e2262e0de794867d8f05691cbe6639ffb3645ae0ff2ecf30edfbc2379dc15669f43a09f10e38",
            "dependencies": ["PARQUET_FORMAT_STRUCTURES", "SLF4J_API_1"],
        },
        "PARQUET_ENCODING": {
            "maven": {"groupId": "org.apache.parquet", "artifactId": "parquet-encoding", "version": "1.18.1"},
            "digest": "sha512:d1847e7b7fc9f208516742a5c4ddd097b161fd71c697ffc84858508831b6eaa40ff212287ce47f9b569512768e0a2b6ce702967cca7ed099a57ee7a7759ccd08",
            "dependencies": ["PARQUET_COMMON", "SLF4J_API_1"],
        },
        "PARQUET_HADOOP": {
            "maven": {"groupId": "org.apache.parquet", "artifactId": "parquet-hadoop", "version": "1.18.1"},
            "digest": "sha512:41f0d0af74d66811dae2590d26155d5470ee9362874be360035e92fbb1c831b4019f7d8e02b55b5bb8e3bbed19e8b4784290819ca89c90f5000a7751dff5d588",
            "dependencies": ["PARQUET_COLUMN", "PARQUET_COMMON", "PARQUET_FORMAT_STRUCTURES", "PARQUET_JACKSON", "SNAPPY_JAVA"],
        },
        "PARQUET_FORMAT_STRUCTURES": {
            "maven": {"groupId": "org.apache.parquet", "artifactId": "parquet-format-structures", "version": "1.18.1"},
            "digest": "sha512:2a9d92bc51a9214afa84bb5ea24f7abe0b7d34591a28715ae7e728968db4bba16ab1ce9e9673d403efe8fe6e2dfd75a381669a5a9dcd3a9641f89b00bebf4cc7",
            "dependencies": ["SLF4J_API_1"],
        },
        "PARQUET_JACKSON": {
            "maven": {"groupId": "org.apache.parquet", "artifactId": "parquet-jackson", "version": "1.18.1"},
            "digest": "sha512:b94ff74a170fba2823f55aa0fdc757420259734c6be89a5fbcc33fbfa1b66a6420709751d9dc606f18cee0f1c357bdc49d46a23fda2146aa57be699b4f36e6f0",
        },
        "SNAPPY_JAVA": {
            "maven": {"groupId": "org.xerial.snappy", "artifactId": "snappy-java", "version": "1.1.10.8"},
            "digest": "sha512:c7133f726f366b9f06df98d94b4dd7c91c7702c543e1a318055a886af5e625d8231b0a6728250596181bc20a6c4147855eeb02ed55c447fe13ff2156e29985a9",
        },
        "JTS_CORE": {
            "maven": {"groupId": "org.locationtech.jts", "artifactId": "jts-core", "version": "1.20.0"},
            "digest": "sha512:3d6e32203f36517447cc027d741d1be301d454d34707d9fcb870d49dd686e7f1f72cff4b36bdd90ed8f2bee7e3afade7b3a1457de9c15777b91f47cdace91a6e",
        },
        "SLF4J_NOP": {
            "maven": {"groupId": "org.slf4j", "artifactId": "slf4j-nop", "version": "1.7.30"},
            "digest": "sha512:dafc180f7fc3a8b97e704bdf7115dfa86d4900014d33b04df84dba2c49089ba6bc2dcdb37cf7e0ad43f028491708ff6b21a386855c7494abac8b1b8554d3ce62",
            "dependencies": ["SLF4J_API_1"],
        },
        "COMMONS_STATISTICS_INTERVAL": {
            "maven": {"groupId": "org.apache.commons", "artifactId": "commons-statistics-interval", "version": "1.2"},
            "digest": "sha512:53a752c1b8233d7a7f7d2238e788a5ad81226106d6326c34d3831fe9b1f7ec2302fe25474a9baa94067c74f318ac2b54445cc51d08348c6d0eb52ecf6a7da281",
            "dependencies": ["COMMONS_STATISTICS_DISTRIBUTION"],
        },
        "COMMONS_STATISTICS_DISTRIBUTION": {
            "maven": {"groupId": "org.apache.commons", "artifactId": "commons-statistics-distribution", "version": "1.2"},
            "digest": "sha512:79445bbd8b9e5735e09eea1423f2bbb43725f49f8f39553bb4e7ae5dc42693ae4980d7534cc15c839b76055b0966fc2c84b8e252d99d603fac0381147ee2d62f",
            "dependencies": ["COMMONS_NUMBERS_COMBINATORICS", "COMMONS_NUMBERS_CORE", "COMMONS_NUMBERS_GAMMA", "COMMONS_NUMBERS_ROOTFINDER", "COMMONS_RNG_CLIENT_API", "COMMONS_RNG_SAMPLING"],
        },
        "COMMONS_NUMBERS_CORE": {
            "maven": {"groupId": "org.apache.commons", "artifactId": "commons-numbers-core", "version": "1.2"},
            "digest": "sha512:7aa2424688bf2fa080bdfdbbff19612ac4e8f5a41b33058f938972bebc98d42b8e60a6736ab3d47bc96c3ef00eb3f65cf7470824655e6a9c7ada4cc667b3d930",
        },
        "COMMONS_NUMBERS_COMBINATORICS": {
            "maven": {"groupId": "org.apache.commons", "artifactId": "commons-numbers-combinatorics", "version": "1.2"},
            "digest": "sha512:5d70ca29070820aee16839dbb1cc9c8d64d136df00212eb845ddb13d361340e89434de46bb2aee0cd7e5a8ef37aa5194a886a912415e4bd90923d44c71e4e11f",
            "dependencies": ["COMMONS_NUMBERS_CORE", "COMMONS_NUMBERS_GAMMA"],
        },
        "COMMONS_NUMBERS_FRACTION": {
            "maven": {"groupId": "org.apache.commons", "artifactId": "commons-numbers-fraction", "version": "1.2"},
            "digest": "sha512:1470b517e7c0071d1d08fb2c9772fb59931c40c319cf03f32fb0d0afd8013ad157b00d22c16f9bbd5fc4ec23d81b5ce192ba0b92118d3ba135b427e9394faa53",
            "dependencies": ["COMMONS_NUMBERS_CORE"],
        },
        "COMMONS_NUMBERS_GAMMA": {
            "maven": {"groupId": "org.apache.commons", "artifactId": "commons-numbers-gamma", "version": "1.2"},
            "digest": "sha512:17ed8b18b1b0e9def01d08420fa6ead87108a224d32666f1b31a135e71889bdf9a6a090c340c940c45c2620276e9a0ac103b0a1dd16ff6fb5465903fafb10845",
            "dependencies": ["COMMONS_NUMBERS_CORE", "COMMONS_NUMBERS_FRACTION"],
        },
        "COMMONS_NUMBERS_ROOTFINDER": {
            "maven": {"groupId": "org.apache.commons", "artifactId": "commons-numbers-rootfinder", "version": "1.2"},
            "digest": "sha512:db08539eeadebfe61553a8d0558eff33bf15de4c82376ec0a0c64fdc15480db52d4d1f1141c5ad2206d756afa910afcc152250f137dcfad205ef261f16447c34",
            "dependencies": ["COMMONS_NUMBERS_CORE"],
        },
        "COMMONS_RNG_CLIENT_API": {
            "maven": {"groupId": "org.apache.commons", "artifactId": "commons-rng-client-api", "version": "1.6"},
            "digest": "sha512:2bdbf54b28cba8fff6817321d413f37e4fd964809d4f390ee5293f6d7e7cb0b9f930b2652ed02eddbbef270c34cef9e16537405e3fbf7137ce01ba49ca24bbb7",
        },
        "COMMONS_RNG_SAMPLING": {
            "maven": {"groupId": "org.apache.commons", "artifactId": "commons-rng-sampling", "version": "1.6"},
            "digest": "sha512:ab08c7b6bd8713327d348820d5e57d6068f865932b1e3c63823773640996a078230dd879ff7419a35f68d47a864ae2158b0a9e91e848a1d07ff1d5e8932dc035",
            "dependencies": ["COMMONS_RNG_CLIENT_API"],
        },
        # A peer of the benchmarks.
        "UNICORN": {
            "maven": {"groupId": "com.github.zhkl0228", "artifactId": "unicorn", "version": "1.0.14"},
            "digest": "sha512:dc97304a7b29f37aa092a3458726537f96fdc51b48829823d763a9d59a94add967ff0e3a8ab0ee0d2fc6626b197bda0ef45c15d10a796de948a9e9ff4be1431a",
            "dependencies": ["NATIVE_LIB_LOADER"],
        },
        "JNA": {
            "maven": {"groupId": "net.java.dev.jna", "artifactId": "jna", "version": "5.10.0"},
            "digest": "sha512:7daf6a8605afff8bfc564b73b1a09ec8384f3ed2a5970f5e29ac3ac52336808e3cb2a083a22e8e00a6da8913b6dfdc093b92ba18a4f6f9ffafbd70006e308fa6",
        },
        "NATIVE_LIB_LOADER": {
            "maven": {"groupId": "org.scijava", "artifactId": "native-lib-loader", "version": "2.3.5"},
            "digest": "sha512:494a7629e5e9d4d9f92ad0655c748e15815e778033ee8dbfd575a3a69433e1b209a34a65b3f6cd635ccc3ace0b2df5aa2321aea759ce35a219f07e900f3f93f8",
            "dependencies": ["SLF4J_API_1"],
        },
        "SLF4J_API_1": {
            "maven": {"groupId": "org.slf4j", "artifactId": "slf4j-api", "version": "1.7.30"},
            "digest": "sha512:e5435852569dda596ba46138af8ee9c4ecba8a7a43f4f1e7897aeb4430523a0f037088a7b63877df5734578f19d331f03d7b0f32d5ae6c425df211947b3e6173",
        },
        # Guest toolchain.
        "LLVM": {
            "maven": {"groupId": "org.bytedeco", "artifactId": "llvm", "version": "20.1.7-1.5.12"},
            "digest": "sha512:9d2c03b95ecac910ce3fc0a9f925164ea90164a9abb7c132fd5946fdf54aa7bad70652d334f9fd0b2d5723c8c22565042927aa8e186b3c989bb4985200f76692",
            "dependencies": ["JAVACPP"],
        },
        "JAVACPP": {
            "maven": {"groupId": "org.bytedeco", "artifactId": "javacpp", "version": "1.5.12"},
            "digest": "sha512:db359aeb88850edd206bd428ea16ba38afa35308008021d6ba2d843115c5f4863362c437d6bd7fbdf31809b76f76047aeaaa7d5ff1a9a3e1f62769292878e1bf",
        },
        # Tests.
        "HARDWOOD": {
            "maven": {"groupId": "dev.hardwood", "artifactId": "hardwood-core", "version": "1.0.1.Final"},
            "digest": "sha512:d85be324d4ce26c60222ecf480385a5504fb661229c41f8a7fc120e243c03450533ff7121d3f5bbc803c122f86cebb1b14f96892b4e58da30c95cafa273961fa",
        },
        "DUCKDB": {
            "maven": {"groupId": "org.duckdb", "artifactId": "duckdb_jdbc", "version": "1.4.4.0"},
            "digest": "sha512:3d78e95af532d900b14fe4222776968a4d09f1f9fa35e6d82713233e345fd74644778394531ce99caa04cfb8cb3df84ba5a28a3b34b082223f66fc23e15940a8",
        },
        "JUNIT_JUPITER": {
            "maven": {"groupId": "org.junit.jupiter", "artifactId": "junit-jupiter", "version": "5.14.1"},
            "digest": "sha512:92d64dcd78645799ab6ca29d36f4ff428a77b193920946da585e8f4e3be6806dd5d4cbdd72244a8af91a83f236987635b3277d9f0c6d2c894e78e54e40f075fc",
            "dependencies": ["JUNIT_JUPITER_API", "JUNIT_JUPITER_ENGINE", "JUNIT_JUPITER_PARAMS"],
        },
        "JUNIT_JUPITER_API": {
            "maven": {"groupId": "org.junit.jupiter", "artifactId": "junit-jupiter-api", "version": "5.14.1"},
            "digest": "sha512:1347a3d7015cf06a9a38c37b6f35d54face4968a3a50ef390a7d3407fd5a7f32b134d876b8674c27a7f45b087bff0c825ff47db21db69421a6cfc70531a4da19",
            "dependencies": ["APIGUARDIAN_API", "JUNIT_PLATFORM_COMMONS", "OPENTEST4J"],
        },
        "JUNIT_JUPITER_ENGINE": {
            "maven": {"groupId": "org.junit.jupiter", "artifactId": "junit-jupiter-engine", "version": "5.14.1"},
            "digest": "sha512:0e891c3fc3b9750a389048dc7c96759e28bd57ed5b0c10a92af90fac041387acc5d9bf6fdbcb09440a815a597d909ff108f0f7567c7b00379314213ba51013b4",
            "dependencies": ["APIGUARDIAN_API", "JUNIT_JUPITER_API", "JUNIT_PLATFORM_ENGINE"],
        },
        "JUNIT_JUPITER_PARAMS": {
            "maven": {"groupId": "org.junit.jupiter", "artifactId": "junit-jupiter-params", "version": "5.14.1"},
            "digest": "sha512:07f39b06ee1d5ef026e0118e354a334352eaa3c6011a8c9d13cf90209663ced4c02c098b2981734ebc6c4c93d638d1b5e39f1076fb7722ae99451bf08811fe0f",
            "dependencies": ["APIGUARDIAN_API", "JUNIT_JUPITER_API"],
        },
        "JUNIT_PLATFORM_COMMONS": {
            "maven": {"groupId": "org.junit.platform", "artifactId": "junit-platform-commons", "version": "1.14.1"},
            "digest": "sha512:528fa274d3b023cc71af4b1f7885226507c31215967793ff1a7f31a968a49e7bd4186ecda956df9f27c26763e134a309bfad6f573574bf32a2b0bbba11c128ed",
            "dependencies": ["APIGUARDIAN_API"],
        },
        "JUNIT_PLATFORM_ENGINE": {
            "maven": {"groupId": "org.junit.platform", "artifactId": "junit-platform-engine", "version": "1.14.1"},
            "digest": "sha512:8b0e627fb887a5f97b276689ddcbcc1ee7cae232a17a9b14ee9ede516b3488b4ef95168078808113ccf3737947709b295565d5de738491b181cbca717bd0af5f",
            "dependencies": ["APIGUARDIAN_API", "JUNIT_PLATFORM_COMMONS", "OPENTEST4J"],
        },
        "APIGUARDIAN_API": {
            "maven": {"groupId": "org.apiguardian", "artifactId": "apiguardian-api", "version": "1.1.2"},
            "digest": "sha512:d7ccd0e7019f1a997de39d66dc0ad4efe150428fdd7f4c743c93884f1602a3e90135ad34baea96d5b6d925ad6c0c8487c8e78304f0a089a12383d4a62e2c9a61",
        },
        "OPENTEST4J": {
            "maven": {"groupId": "org.opentest4j", "artifactId": "opentest4j", "version": "1.3.0"},
            "digest": "sha512:78fc698a7871bb50305e3657893c10500595f043348d875f57bc39ca4a6a51eda3967b7c8c8a7ec3e8f85f2171bca4aa98823e912e416e87e81c6ba5b70a37c3",
        },
        "JQWIK": {
            "maven": {"groupId": "net.jqwik", "artifactId": "jqwik", "version": "1.9.3"},
            "digest": "sha512:6f16222097610f6c1651d5f549eaba74cc35efafdb765e5f1c32f869fbc5c7be4293eca915c577f54268ec684c40b5918f61c746940b5168995813ff177c1a30",
            "dependencies": ["JQWIK_API", "JQWIK_ENGINE", "JQWIK_TIME", "JQWIK_WEB"],
        },
        "JQWIK_API": {
            "maven": {"groupId": "net.jqwik", "artifactId": "jqwik-api", "version": "1.9.3"},
            "digest": "sha512:6e414bf27136823c52b0cc24c319449918c830a19d3e76fd29fcf2d36aa102ee8335311be3f382685ceada3b9592ff053974eed2b47a21624ef95c3f7aa03b3d",
            "dependencies": ["APIGUARDIAN_API", "JUNIT_PLATFORM_COMMONS", "OPENTEST4J"],
        },
        "JQWIK_ENGINE": {
            "maven": {"groupId": "net.jqwik", "artifactId": "jqwik-engine", "version": "1.9.3"},
            "digest": "sha512:9dcd4b781fc6c89e3fcee36231fb68f17b66ce55f15231e03f6b628242edb7b71b411671fe8596a0cb2c27ce9a991fd4370d6031612b311d1030256a6bdae34d",
            "dependencies": ["JQWIK_API", "JUNIT_PLATFORM_ENGINE"],
        },
        "JQWIK_TIME": {
            "maven": {"groupId": "net.jqwik", "artifactId": "jqwik-time", "version": "1.9.3"},
            "digest": "sha512:9733123973415281d4376a5fb6b32e74652061cae723ac0731286afcd415e158d8a5c0d7325b14c052b00204e82f41d5ff86472f4cf699d91cff0484cf8e1dc3",
            "dependencies": ["JQWIK_API"],
        },
        "JQWIK_WEB": {
            "maven": {"groupId": "net.jqwik", "artifactId": "jqwik-web", "version": "1.9.3"},
            "digest": "sha512:e45ef2eeec86ffaba3ff4b4307e4653a74f537ad5dafb8a510ebe5fad7cdbae757d810c5c606f6730e9709225ef760a1fe2e1a39d66a1cbf17eace3b4169d7d1",
            "dependencies": ["JQWIK_API"],
        },
        "ARCHUNIT_JUNIT5": {
            "maven": {"groupId": "com.tngtech.archunit", "artifactId": "archunit-junit5", "version": "1.4.1"},
            "digest": "sha512:ed0b32c73ff50d2ca655b7fce359b32a6fc8ca2c46f8b7fa4b907a2f5a1149d0cb59f31c07a0308b4b29ae1b85cd7a46b59c6f91b5d9646704e381ec224ca504",
            "dependencies": ["ARCHUNIT_JUNIT5_API", "ARCHUNIT_JUNIT5_ENGINE"],
        },
        "ARCHUNIT_JUNIT5_API": {
            "maven": {"groupId": "com.tngtech.archunit", "artifactId": "archunit-junit5-api", "version": "1.4.1"},
            "digest": "sha512:772d7f6fe73c3fe7fa6c132179158b5a2f9497264f0f99db353598278ae5b44c46ef0b9fb794311554a891277a7a5d7499fd2c36f636bc2db9629697461c5a21",
            "dependencies": ["ARCHUNIT"],
        },
        "ARCHUNIT_JUNIT5_ENGINE": {
            "maven": {"groupId": "com.tngtech.archunit", "artifactId": "archunit-junit5-engine", "version": "1.4.1"},
            "digest": "sha512:b3a49b98cb8ccd32503e3ac31fc9058695d5c71cc91abbfa0dcd2f86445ca8e60035c9203af75670c25c1593d9a7c17c4e7ad9a83240312233139e1d86660cf2",
            "dependencies": ["ARCHUNIT_JUNIT5_API", "ARCHUNIT_JUNIT5_ENGINE_API"],
        },
        "ARCHUNIT_JUNIT5_ENGINE_API": {
            "maven": {"groupId": "com.tngtech.archunit", "artifactId": "archunit-junit5-engine-api", "version": "1.4.1"},
            "digest": "sha512:8fa9030e919468e131cbcca33419f081f141363c449c7fcc3930b2ddef0c0100851974a7768452f971307bb3f20591f1f5077729c7c254357b985baaa14f2dd9",
            "dependencies": ["ARCHUNIT", "JUNIT_PLATFORM_ENGINE"],
        },
        "ARCHUNIT": {
            "maven": {"groupId": "com.tngtech.archunit", "artifactId": "archunit", "version": "1.4.1"},
            "digest": "sha512:07754c07297b1afcce46e2e768abb90058fd7453d9bf9ee9e8e8818e377acd72f2d9a50e006d82981fe20673a4f3ba920ac296047c8507bdb9517f5de0217777",
            "dependencies": ["SLF4J_API_1"],
        },
    },
    "projects": {
        "org.curios.arm": {
            "dir": "arm-frontend",
            "sourceDirs": ["src/main/java"],
            "requires": ["jdk.unsupported"],
            "dependencies": ["TRUFFLE_API"],
            "annotationProcessors": ["TRUFFLE_DSL_PROCESSOR"],
            "javaCompliance": "25",
        },
        "org.curios.machine": {
            "dir": "src/machine",
            "sourceDirs": ["src/main/java", "src/main/resources"],
            "requires": ["java.logging", "java.management", "jdk.management"],
            "dependencies": ["org.curios.arm", "POLYGLOT", "CAPSTONE"],
            "javaCompliance": "25",
        },
        "org.curios.machine.test": {
            "dir": "src/machine",
            "sourceDirs": ["src/test/java"],
            "requires": ["java.desktop"],
            "dependencies": ["org.curios.machine", "JUNIT_JUPITER", "JQWIK"],
            "testProject": True,
            "javaCompliance": "25",
        },
        "org.curios.lab": {
            "dir": "src/lab",
            "sourceDirs": ["src/main/java", "src/main/resources"],
            "requires": ["java.management"],
            "dependencies": ["org.curios.machine", "org.curios.kernel", "POLYGLOT", "GSON"],
            "javaCompliance": "25",
        },
        "org.curios.campaign": {
            "dir": "src/campaign",
            "sourceDirs": ["src/main/java", "src/main/resources"],
            "dependencies": [
                "org.curios.lab", "GSON", "SNAKEYAML_ENGINE", "PARQUET_FLOOR", "SLF4J_NOP", "COMMONS_STATISTICS_INTERVAL",
            ],
            "javaCompliance": "25",
        },
        "org.curios.campaign.spark": {
            "dir": "src/campaign-spark",
            "sourceDirs": ["src/main/java", "src/main/resources"],
            # Hadoop's classes before the stand-ins for them that PARQUET_FLOOR has.
            "dependencies": [
                "HADOOP_CLIENT_API", "SPARK_CORE", "SPARK_SQL_API", "SPARK_COMMON_UTILS", "SPARK_COMMON_UTILS_JAVA",
                "JACKSON_ANNOTATIONS", "SCALA_LIBRARY", "SCALA_REFLECT", "org.curios.campaign",
            ],
            "javaCompliance": "25",
        },
        "org.curios.kernel": {
            "dir": "kernel",
            "sourceDirs": ["src/main/java"],
            "dependencies": ["LLVM", "JAVACPP"],
            "javaCompliance": "25",
        },
        "org.curios.shell": {
            "dir": "shell",
            "sourceDirs": ["src/main/java"],
            "requires": ["java.logging"],
            "dependencies": [
                "org.curios.campaign", "org.curios.campaign.spark", "org.curios.lab", "org.curios.machine", "org.curios.kernel", "JLINE", "PICOCLI", "TRUFFLE_RUNTIME", "TRUFFLE_COMPILER",
                "GRAAL_COMPILER", "JS_LANGUAGE", "PROFILER_TOOL", "CHROMEINSPECTOR_TOOL", "DAP_TOOL",
            ],
            "javaCompliance": "25",
        },
        "org.curios.bench": {
            "dir": "bench",
            "sourceDirs": ["src/main/java"],
            "requires": ["java.logging", "java.management"],
            "dependencies": [
                "org.curios.machine", "org.curios.kernel", "org.curios.lab", "org.curios.shell", "JLINE", "PICOCLI",
                "UNICORN",
            ],
            "javaCompliance": "25",
        },
        "org.curios.tests": {
            "dir": "tests",
            "sourceDirs": ["src/main/java", "src/test/java"],
            "requires": ["java.compiler", "java.desktop", "java.logging", "java.net.http", "java.sql", "java.xml", "jdk.httpserver"],
            "dependencies": ["org.curios.shell", "org.curios.bench", "LLVM", "JAVACPP", "HARDWOOD", "DUCKDB", "JUNIT_JUPITER", "JQWIK", "ARCHUNIT_JUNIT5"],
            "testProject": True,
            "javaCompliance": "25",
        },
    },
    "distributions": {
        # "exclude" keeps libraries out of the jars.
        "CURIOS_ARM": {
            "dependencies": ["org.curios.arm"],
            "exclude": ["TRUFFLE_API", "POLYGLOT", "COLLECTIONS", "NATIVEIMAGE", "WORD"],
        },
        "CURIOS_MACHINE": {
            "dependencies": ["org.curios.machine"],
            "distDependencies": ["CURIOS_ARM"],
            "exclude": [
                "TRUFFLE_API", "POLYGLOT", "COLLECTIONS", "NATIVEIMAGE", "WORD", "CAPSTONE", "JNA",
                "NATIVE_LIB_LOADER", "SLF4J_API_1",
            ],
        },
        "CURIOS_KERNEL": {
            "dependencies": ["org.curios.kernel"],
            "exclude": ["LLVM", "JAVACPP"],
        },
        "CURIOS_LAB": {
            "dependencies": ["org.curios.lab"],
            "distDependencies": ["CURIOS_MACHINE", "CURIOS_KERNEL"],
            "exclude": [
                "TRUFFLE_API", "POLYGLOT", "COLLECTIONS", "NATIVEIMAGE", "WORD", "CAPSTONE", "JNA",
                "NATIVE_LIB_LOADER", "SLF4J_API_1", "LLVM", "JAVACPP", "GSON",
            ],
        },
        "CURIOS_CAMPAIGN": {
            "dependencies": ["org.curios.campaign"],
            "distDependencies": ["CURIOS_LAB"],
            "exclude": [
                "TRUFFLE_API", "POLYGLOT", "COLLECTIONS", "NATIVEIMAGE", "WORD", "CAPSTONE", "JNA",
                "NATIVE_LIB_LOADER", "SLF4J_API_1", "LLVM", "JAVACPP", "GSON",
                "SNAKEYAML_ENGINE", "PARQUET_FLOOR", "PARQUET_COLUMN", "PARQUET_COMMON", "PARQUET_ENCODING",
                "PARQUET_HADOOP", "PARQUET_FORMAT_STRUCTURES", "PARQUET_JACKSON", "SNAPPY_JAVA", "JTS_CORE",
                "SLF4J_NOP", "COMMONS_STATISTICS_INTERVAL", "COMMONS_STATISTICS_DISTRIBUTION",
                "COMMONS_NUMBERS_CORE", "COMMONS_NUMBERS_COMBINATORICS", "COMMONS_NUMBERS_FRACTION",
                "COMMONS_NUMBERS_GAMMA", "COMMONS_NUMBERS_ROOTFINDER", "COMMONS_RNG_CLIENT_API",
                "COMMONS_RNG_SAMPLING",
            ],
        },
        "CURIOS_CAMPAIGN_SPARK": {
            "dependencies": ["org.curios.campaign.spark"],
            "distDependencies": ["CURIOS_CAMPAIGN"],
            "exclude": [
                "HADOOP_CLIENT_API", "SPARK_CORE", "SPARK_SQL_API", "SPARK_COMMON_UTILS", "SPARK_COMMON_UTILS_JAVA",
                "JACKSON_ANNOTATIONS", "SCALA_LIBRARY", "SCALA_REFLECT",
                "TRUFFLE_API", "POLYGLOT", "COLLECTIONS", "NATIVEIMAGE", "WORD", "CAPSTONE", "JNA",
                "NATIVE_LIB_LOADER", "SLF4J_API_1", "LLVM", "JAVACPP", "GSON",
                "SNAKEYAML_ENGINE", "PARQUET_FLOOR", "PARQUET_COLUMN", "PARQUET_COMMON", "PARQUET_ENCODING",
                "PARQUET_HADOOP", "PARQUET_FORMAT_STRUCTURES", "PARQUET_JACKSON", "SNAPPY_JAVA", "JTS_CORE",
                "SLF4J_NOP", "COMMONS_STATISTICS_INTERVAL", "COMMONS_STATISTICS_DISTRIBUTION",
                "COMMONS_NUMBERS_CORE", "COMMONS_NUMBERS_COMBINATORICS", "COMMONS_NUMBERS_FRACTION",
                "COMMONS_NUMBERS_GAMMA", "COMMONS_NUMBERS_ROOTFINDER", "COMMONS_RNG_CLIENT_API",
                "COMMONS_RNG_SAMPLING",
            ],
        },
        "CURIOS_SHELL": {
            "dependencies": ["org.curios.shell"],
            "distDependencies": ["CURIOS_CAMPAIGN", "CURIOS_CAMPAIGN_SPARK", "CURIOS_LAB", "CURIOS_MACHINE", "CURIOS_KERNEL"],
            "exclude": [
                "HADOOP_CLIENT_API", "SPARK_CORE", "SPARK_SQL_API", "SPARK_COMMON_UTILS", "SPARK_COMMON_UTILS_JAVA",
                "JACKSON_ANNOTATIONS", "SCALA_LIBRARY", "SCALA_REFLECT",
                "SNAKEYAML_ENGINE", "PARQUET_FLOOR", "PARQUET_COLUMN", "PARQUET_COMMON", "PARQUET_ENCODING",
                "PARQUET_HADOOP", "PARQUET_FORMAT_STRUCTURES", "PARQUET_JACKSON", "SNAPPY_JAVA", "JTS_CORE",
                "SLF4J_NOP", "COMMONS_STATISTICS_INTERVAL", "COMMONS_STATISTICS_DISTRIBUTION",
                "COMMONS_NUMBERS_CORE", "COMMONS_NUMBERS_COMBINATORICS", "COMMONS_NUMBERS_FRACTION",
                "COMMONS_NUMBERS_GAMMA", "COMMONS_NUMBERS_ROOTFINDER", "COMMONS_RNG_CLIENT_API",
                "COMMONS_RNG_SAMPLING",
                "TRUFFLE_API", "TRUFFLE_RUNTIME", "TRUFFLE_COMPILER", "GRAAL_COMPILER", "POLYGLOT", "COLLECTIONS",
                "PROFILER_TOOL", "CHROMEINSPECTOR_TOOL", "DAP_TOOL", "SHADOWED_JSON",
                "JNIUTILS", "NATIVEIMAGE", "WORD", "JLINE", "PICOCLI", "CAPSTONE", "JNA", "NATIVE_LIB_LOADER", "SLF4J_API_1",
                "LLVM", "JAVACPP", "GSON", "JS_LANGUAGE", "REGEX", "ICU4J", "XZ",
            ],
            "mainClass": "org.curios.shell.Main",
        },
        "CURIOS_BENCH": {
            "dependencies": ["org.curios.bench"],
            "distDependencies": ["CURIOS_MACHINE", "CURIOS_KERNEL", "CURIOS_LAB", "CURIOS_SHELL"],
            "exclude": [
                "HADOOP_CLIENT_API", "SPARK_CORE", "SPARK_SQL_API", "SPARK_COMMON_UTILS", "SPARK_COMMON_UTILS_JAVA",
                "JACKSON_ANNOTATIONS", "SCALA_LIBRARY", "SCALA_REFLECT",
                "SNAKEYAML_ENGINE", "PARQUET_FLOOR", "PARQUET_COLUMN", "PARQUET_COMMON", "PARQUET_ENCODING",
                "PARQUET_HADOOP", "PARQUET_FORMAT_STRUCTURES", "PARQUET_JACKSON", "SNAPPY_JAVA", "JTS_CORE",
                "SLF4J_NOP", "COMMONS_STATISTICS_INTERVAL", "COMMONS_STATISTICS_DISTRIBUTION",
                "COMMONS_NUMBERS_CORE", "COMMONS_NUMBERS_COMBINATORICS", "COMMONS_NUMBERS_FRACTION",
                "COMMONS_NUMBERS_GAMMA", "COMMONS_NUMBERS_ROOTFINDER", "COMMONS_RNG_CLIENT_API",
                "COMMONS_RNG_SAMPLING",
                "TRUFFLE_API", "TRUFFLE_RUNTIME", "TRUFFLE_COMPILER", "GRAAL_COMPILER", "POLYGLOT", "COLLECTIONS",
                "JNIUTILS", "NATIVEIMAGE", "WORD", "JLINE", "PICOCLI", "CAPSTONE", "JNA", "NATIVE_LIB_LOADER", "SLF4J_API_1",
                "LLVM", "JAVACPP", "GSON", "UNICORN", "JS_LANGUAGE", "REGEX", "ICU4J", "XZ",
                "PROFILER_TOOL", "CHROMEINSPECTOR_TOOL", "DAP_TOOL", "SHADOWED_JSON",
            ],
            "mainClass": "org.curios.bench.Main",
        },
        "CURIOS_TESTS": {
            "dependencies": ["org.curios.tests", "org.curios.machine.test"],
            "distDependencies": ["CURIOS_SHELL", "CURIOS_BENCH"],
            "exclude": [
                "HADOOP_CLIENT_API", "SPARK_CORE", "SPARK_SQL_API", "SPARK_COMMON_UTILS", "SPARK_COMMON_UTILS_JAVA",
                "JACKSON_ANNOTATIONS", "SCALA_LIBRARY", "SCALA_REFLECT",
                "SNAKEYAML_ENGINE", "PARQUET_FLOOR", "PARQUET_COLUMN", "PARQUET_COMMON", "PARQUET_ENCODING",
                "PARQUET_HADOOP", "PARQUET_FORMAT_STRUCTURES", "PARQUET_JACKSON", "SNAPPY_JAVA", "JTS_CORE",
                "SLF4J_NOP", "COMMONS_STATISTICS_INTERVAL", "COMMONS_STATISTICS_DISTRIBUTION",
                "COMMONS_NUMBERS_CORE", "COMMONS_NUMBERS_COMBINATORICS", "COMMONS_NUMBERS_FRACTION",
                "COMMONS_NUMBERS_GAMMA", "COMMONS_NUMBERS_ROOTFINDER", "COMMONS_RNG_CLIENT_API",
                "COMMONS_RNG_SAMPLING",
                "HARDWOOD",
                "TRUFFLE_API", "TRUFFLE_RUNTIME", "TRUFFLE_COMPILER", "GRAAL_COMPILER", "POLYGLOT", "COLLECTIONS",
                "PROFILER_TOOL", "CHROMEINSPECTOR_TOOL", "DAP_TOOL", "SHADOWED_JSON",
                "JNIUTILS", "NATIVEIMAGE", "WORD", "JLINE", "PICOCLI", "CAPSTONE", "JNA", "NATIVE_LIB_LOADER", "SLF4J_API_1",
                "LLVM", "JAVACPP", "GSON", "UNICORN", "JS_LANGUAGE", "REGEX", "ICU4J", "XZ", "DUCKDB", "JUNIT_JUPITER", "JUNIT_JUPITER_API", "JUNIT_JUPITER_ENGINE",
                "JUNIT_JUPITER_PARAMS", "JUNIT_PLATFORM_COMMONS", "JUNIT_PLATFORM_ENGINE", "APIGUARDIAN_API",
                "OPENTEST4J", "JQWIK", "JQWIK_API", "JQWIK_ENGINE", "JQWIK_TIME", "JQWIK_WEB", "ARCHUNIT_JUNIT5",
                "ARCHUNIT_JUNIT5_API", "ARCHUNIT_JUNIT5_ENGINE", "ARCHUNIT_JUNIT5_ENGINE_API", "ARCHUNIT",
            ],
            "testDistribution": True,
        },
    },
}
