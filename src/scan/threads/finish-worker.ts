// The thread that brings many groups to their result, which are put in order and given out while another thread does other things.
import { serve } from "../../threads/serve.ts";
import { packFailure } from "./failures.ts";
import { type FinishTask, finishGroups } from "./finish-groups.ts";
import { moved } from "./moved.ts";

serve((task: FinishTask) => moved(finishGroups(task)), { pack: packFailure });
