import {
  ActionIcon,
  Anchor,
  Button,
  createTheme,
  MantineProvider,
  Text,
  Title,
  useMantineColorScheme,
} from "@mantine/core";
import { useState } from "react";
import { RouteAnnouncer } from "./announcer.jsx";
import { DialogProvider } from "./dialog-router.jsx";
import { Feed } from "./Feed.jsx";
import { ImageDialog, ImagePage } from "./ImagePage.jsx";
import { Icon } from "./icons.jsx";
import { ScrollArea } from "./in-view.jsx";
import { ModelPage } from "./ModelPage.jsx";
import { Meta, MetaProvider } from "./meta.jsx";
import { ChallengePage, ComicsPage, EcosystemPage, PostEditor } from "./NewerPages.jsx";
import { Chat, GeneratorPanel, HostileBox } from "./Panels.jsx";
import { QueryProvider } from "./queries.jsx";
import { AuctionsPage, DownloadsPage, PostPage, ShopPage } from "./RowPages.jsx";
import { Link, RouterProvider, useRouter } from "./router.jsx";
import { matchRoute } from "./routes.js";
import { SearchPage } from "./SearchPage.jsx";
import { Suggested, UniformGrid } from "./Suggested.jsx";
import { StageProvider, useStage } from "./stage.jsx";

const theme = createTheme({ cursorType: "pointer" });

/** The switch writes a cookie: the next server render starts with it, the `body` class of this one stays. */
const schemeManager = {
  get: (/** @type {import("@mantine/core").MantineColorScheme} */ value) => value,
  set: (/** @type {import("@mantine/core").MantineColorScheme} */ value) => {
    // biome-ignore lint/suspicious/noDocumentCookie: as the site does it
    document.cookie = `mantine-color-scheme=${value}; path=/; samesite=lax`;
  },
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};

/** @param {{ data: import("./site-data.js").SiteData }} props */
export function App({ data }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme={data.options.scheme}
      colorSchemeManager={schemeManager}
    >
      <QueryProvider queries={data.queries}>
        <RouterProvider asPath={data.asPath}>
          <DialogProvider>
            <StageProvider data={data}>
              <MetaProvider>
                <Layout />
                {data.options.announcer === "root" && <RouteAnnouncer />}
              </MetaProvider>
            </StageProvider>
          </DialogProvider>
        </RouterProvider>
      </QueryProvider>
    </MantineProvider>
  );
}

function Layout() {
  const { options } = useStage().data;
  const [panel, setPanel] = useState(false);
  const [chat, setChat] = useState(false);
  return (
    <>
      <header className="appHeader">
        <Anchor component={Link} href="/" fw={800}>
          CIVITAI
        </Anchor>
        <nav className="flex gap-4">
          <Link href="/models">Models</Link>
          <Link href="/search/models">Search</Link>
          <Link href="/auctions">Auctions</Link>
        </nav>
        <div className="flex gap-2 headerEnd">
          <Button size="compact-sm" onClick={() => setPanel(!panel)}>
            Generate
          </Button>
          <ActionIcon variant="subtle" aria-label="Chat" onClick={() => setChat(!chat)}>
            <Icon name="message-circle-2" />
          </ActionIcon>
          <ThemeToggle />
        </div>
      </header>
      <div className="flex flex-1 overflow-hidden">
        {panel && <GeneratorPanel />}
        <div id="main" className="flex-1">
          <ScrollArea>
            <Page />
            {options.hostile && <HostileBox />}
          </ScrollArea>
          <ImageDialog />
        </div>
      </div>
      {chat && <Chat />}
    </>
  );
}

function ThemeToggle() {
  const { toggleColorScheme } = useMantineColorScheme();
  return (
    <ActionIcon variant="subtle" aria-label="Toggle theme" onClick={toggleColorScheme}>
      <Icon name="sun-moon" />
    </ActionIcon>
  );
}

function Page() {
  const { asPath } = useRouter();
  const { page, id, user } = matchRoute(asPath);
  switch (page) {
    case "/models/[id]/[[...slug]]":
      return <ModelPage id={id} />;
    case "/models":
      return <Feed title={user ?? "Models"} user={user} />;
    case "/collections/[collectionId]":
      return <Feed title="A collection" collection={id} />;
    case "/search/models":
      return <SearchPage />;
    case "/images/[imageId]":
      return <ImagePage id={id} />;
    case "/posts/[postId]":
      return <PostPage id={id} />;
    case "/posts/[postId]/edit":
      return <PostEditor id={id} />;
    case "/challenges/[challengeId]":
      return <ChallengePage id={id} />;
    case "/ecosystems/[key]":
      return <EcosystemPage />;
    case "/comics/[comicId]":
      return <ComicsPage id={id} />;
    case "/auctions/[[...slug]]":
      return <AuctionsPage />;
    case "/user/downloads":
      return <DownloadsPage />;
    case "/user/[username]/shop":
      return <ShopPage user={user ?? ""} />;
    case "/":
      return <Home />;
    default:
      return <Plain />;
  }
}

function Home() {
  return (
    <div className="home">
      <Meta title="Civitai" path="/" />
      <Suggested />
      <Title order={2}>Models</Title>
      <UniformGrid />
    </div>
  );
}

/** Any other address of the site: nothing to annotate. */
function Plain() {
  const { asPath } = useRouter();
  return (
    <div className="plain">
      <Meta title="Civitai" path={asPath} />
      <Title order={1}>{asPath}</Title>
      <Text>
        <Anchor component={Link} href="/models">
          All models
        </Anchor>
      </Text>
    </div>
  );
}
